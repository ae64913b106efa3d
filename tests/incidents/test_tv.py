import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from incidents import services
from teams.models import User
from tests.monitoring.test_overview import measured

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(commander):
    client = Client()
    client.force_login(commander)
    return client


def declared(count, severity="P2"):
    who = User.objects.get(username="commander")
    for n in range(count):
        services.declare(f"t{n}", severity=severity, by=who, at=clock.now())


def test_the_wall_shows_the_gravest_first_and_how_many_more(client, seeded):
    declared(6)
    declared(1, "P0")

    page = client.get("/monitoring/tv/")

    assert page.context["fires"][0].severity == "P0"
    assert (len(page.context["fires"]), page.context["more"]) == (5, 2)
    assert page.context["on_call"][0].name


def test_only_what_is_watched_is_on_the_wall(client, seeded):
    measured("cpu", "api", "system", at=clock.now())

    assert [line.state for line in client.get("/monitoring/tv/").context["lines"]] == ["calm"]


def test_the_wall_follows_by_itself_and_costs_the_same_in_a_storm(client, seeded):
    declared(1)
    costs = []
    for count in (1, 30):
        declared(count)
        client.get("/monitoring/tv/")
        with CaptureQueriesContext(connection) as queries:
            version = client.get("/monitoring/tv/").context["version"]
        costs.append(len(queries))
    declared(1)

    news = client.get(f"/monitoring/tv/?v={version}", headers={"hx-request": "true"})
    assert 'hx-swap-oob="innerHTML:#wall"' in news.text
    assert costs[1] - costs[0] <= 1  # more than fit are counted

"""Routes at work: from the labels of an alert to its incident."""

import pytest
from django.core.exceptions import ValidationError

from incidents.models import Incident
from monitoring.models import Alert, Route
from teams.models import Service
from tests.doors.conftest import browser, everyone
from tests.incidents.conftest import after, pages

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db
DEV = {"env": "dev"}


@pytest.fixture
def route(seeded):
    def add(matchers="env=dev", **said):
        return Route.objects.create(name=f"r{Route.objects.count()}", matchers=matchers, **said)

    return add


def test_without_routes_all_is_as_the_sender_says(fire):
    incident = fire(labels=DEV)

    assert (incident.severity, Alert.objects.get().route) == ("P0", None)


def test_an_alert_that_is_only_recorded_opens_nothing_and_says_why(fire, route):
    kept = route(severity="none")

    assert fire(labels=DEV) is None
    alert = Alert.objects.get()
    assert (alert.route, alert.severity) == (kept, "P0")  # what the sender said is still there


def test_a_severity_that_was_set_holds_when_the_sender_turns_graver(fire, route):
    route(severity="P3")
    incident = fire(labels=DEV, severities=["warning"])
    fire(labels=DEV, severities=["critical"], at=after(minutes=1))

    incident.refresh_from_db()
    assert incident.severity == "P3"
    assert {channel for _, channel in pages(incident)} == {"email"}


def test_a_route_names_the_service(fire, route):
    route(service=Service.objects.get(slug="wallet"))

    assert [service.slug for service in fire(labels=DEV).services.all()] == ["wallet"]


def test_alerts_are_grouped_by_the_labels_of_the_route(fire, route):
    route(group_by=["host"])
    for n, host in enumerate(["a", "b", "a"]):
        fire(f"k{n}", labels=DEV | {"host": host}, at=after(minutes=n))

    assert Incident.objects.count() == 2


def test_their_order_decides_and_what_is_off_does_not_count(fire, route):
    route(severity="P3", position=3)
    route(severity="P1", position=2)
    route(severity="none", position=1, enabled=False)

    assert fire(labels=DEV).severity == "P1"


@pytest.mark.parametrize("bad", ["", "env", "env=~(", "env=~.*"])
def test_a_route_that_cannot_be_read_or_is_about_everything_is_refused(bad):
    with pytest.raises(ValidationError):
        Route(name="r", matchers=bad).full_clean()


def test_where_an_alert_would_go_is_shown_and_nothing_is_stored(browser, route, integration):
    route(severity="none")
    client, asked = browser("viewer"), {"integration": integration.pk}

    shown = client.get("/alerts/routes/", asked | {"labels": "env=dev\nseverity=critical"})
    other = client.get("/alerts/routes/", asked | {"labels": "severity=critical"})

    assert "장애를 열지 않고 보관만 해요" in shown.content.decode()
    assert "맞는 것이 없음" in other.content.decode()
    assert not Alert.objects.exists()


@pytest.mark.parametrize("labels", ["env", "=x", "", "a=1\nb"])
def test_labels_that_cannot_be_read_are_no_failure(browser, integration, labels):
    answer = browser("viewer").get(
        "/alerts/routes/", {"integration": integration.pk, "labels": labels}
    )

    assert answer.status_code == 200

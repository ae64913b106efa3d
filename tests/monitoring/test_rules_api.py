"""Rules over the API."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from monitoring import services
from monitoring.domain.samples import Identity, Point
from monitoring.models import Rule
from teams.models import User
from teams.services import new_api_token

pytestmark = pytest.mark.django_db
RULES = "/api/v1/rules/"
MINUTE = timedelta(minutes=1)
WRITTEN = {
    "name_ko": "CPU", "name_en": "CPU", "kind": "threshold", "metric": "cpu", "severity": "P1",
    "params": {"limit": 90, "aggregate": "max", "window": 60}, "lasts": 120, "service": "api",
}  # fmt: skip


def client_of(user, scope="write"):
    token = new_api_token(user, name="test", scope=scope)
    return Client(headers={"authorization": f"Token {token}"})


@pytest.fixture
def api(commander):
    Rule.objects.all().delete()
    return client_of(commander)


@pytest.fixture
def at():
    return clock.now()


def send(api, method, address, said=None):
    return getattr(api, method)(address, said, content_type="application/json")


def measure(at, *values):
    points = [Point(Identity.of("cpu"), at - n * MINUTE, value) for n, value in enumerate(values)]
    services.write(points, at=at)


def test_a_rule_is_written_read_changed_and_removed(api, at):
    made = send(api, "post", RULES, WRITTEN)
    assert made.status_code == 201, made.json()
    said = made.json()
    assert (said["lasts"], said["service"], said["enabled"]) == (120, "api", True)
    one = f"{RULES}{said['id']}/"

    changed = send(api, "patch", one, {"params": {"limit": 80}, "lasts": 0})
    assert changed.status_code == 200, changed.json()
    measure(at - MINUTE, 85)
    services.apply_rules(at=at)
    (state,) = api.get(one).json()["states"]
    assert (state["state"], state["value"]) == ("firing", 85)
    assert [row["id"] for row in api.get(RULES, {"metric": "cpu"}).json()["results"]] == [
        said["id"]
    ]

    assert send(api, "delete", one).status_code == 204
    assert not Rule.objects.exists()


def test_the_past_of_a_rule_before_and_after_it_is_kept(api, at):
    measure(at, *[50] * 100, *[95] * 10, *[50] * 100)

    tried = send(api, "post", f"{RULES}preview/", WRITTEN).json()
    assert (tried["count"], tried["of"]) == (1, 1)
    (firing,) = tried["shown"][0]["firings"]
    assert firing["value"] == 95
    assert firing["ended_at"] is not None
    assert not Rule.objects.exists()

    kept = send(api, "post", RULES, WRITTEN).json()
    assert api.get(f"{RULES}{kept['id']}/preview/").json()["count"] == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"params": {"limit": "many"}}, "params"),
        ({"params": {}}, "params"),
        ({"kind": "other"}, "kind"),
        ({"matchers": "(("}, "matchers"),
        ({"metric": ""}, "metric"),
        ({"service": "none"}, "service"),
        ({"lasts": "soon"}, "lasts"),
        ({"kind": "composite", "params": {"rules": []}}, "params"),
    ],
)
def test_what_cannot_be_judged_is_refused_by_name(api, wrong, field):
    refused = send(api, "post", RULES, WRITTEN | wrong)

    assert refused.status_code == 400
    assert field in refused.json()


def test_a_rule_that_would_ask_for_itself_is_refused(api):
    inner = send(api, "post", RULES, WRITTEN).json()["id"]
    both = {"kind": "composite", "params": {"rules": [inner]}, "metric": ""}
    outer = send(api, "post", RULES, WRITTEN | both).json()["id"]

    refused = send(api, "patch", f"{RULES}{outer}/", {"params": {"rules": [outer]}})

    assert refused.status_code == 400


def test_who_only_reads_does_not_write(api, seeded):
    viewer = User.objects.create_user("viewer", role="viewer")
    send(api, "post", RULES, WRITTEN)

    for reader in (client_of(viewer), client_of(User.objects.get(username="commander"), "read")):
        assert reader.get(RULES).status_code == 200
        assert send(reader, "post", RULES, WRITTEN).status_code == 403


def test_the_list_takes_the_same_queries_for_any_number(api, django_assert_max_num_queries):
    for n in range(12):
        send(api, "post", RULES, WRITTEN | {"name_ko": str(n)})

    with django_assert_max_num_queries(8):
        assert len(api.get(RULES).json()["results"]) == 12

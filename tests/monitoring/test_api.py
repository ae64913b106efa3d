import pytest
from django.test import Client

from monitoring.models import Alert
from teams.services import new_api_token

pytestmark = pytest.mark.django_db
ALERTS = "/api/v1/alerts/"


@pytest.fixture
def api(commander):
    token = new_api_token(commander, name="test", scope="read")
    return Client(headers={"authorization": f"Token {token}"})


@pytest.fixture
def three(sender):
    generic = sender("generic")
    for title, severity, service in (
        ("출금 대기열", "critical", "withdrawals"), ("디스크 91%", "warning", "db"), ("연습", "none", ""),
    ):  # fmt: skip
        generic.post({"title": title, "severity": severity, "service": service, "key": title})
    generic.post({"key": "디스크 91%", "status": "resolved"})


def titles(api, **query):
    return {row["title"] for row in api.get(ALERTS, query).json()["results"]}


@pytest.mark.parametrize("key", ["0", "999999", "x", "1e3", "9" * 30])
def test_an_alert_nobody_has_is_a_404(api, key):
    assert api.get(f"{ALERTS}{key}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"출금 대기열", "디스크 91%", "연습"}),
        ({"search": "출금"}, {"출금 대기열"}),
        ({"search": "withdraw"}, {"출금 대기열"}),
        ({"search": "디스크 91%"}, {"디스크 91%"}),
        ({"status": "firing"}, {"출금 대기열", "연습"}),
        ({"status": "resolved"}, {"디스크 91%"}),
        ({"severity": "none"}, {"연습"}),
        ({"severity": "P0", "status": "resolved"}, set()),
    ],
)
def test_a_list_can_be_narrowed(api, three, query, expected):
    assert titles(api, **query) == expected


def test_an_alert_says_all_that_is_known_of_it(api, three):
    (said,) = api.get(ALERTS, {"severity": "P0"}).json()["results"]

    assert (said["dedup_key"], said["status"], said["sender"]) == (
        "출금 대기열",
        "firing",
        "generic",
    )
    assert said["integration"] == "a generic"
    assert (said["count"], said["incident"]) == (1, None)
    assert api.get(f"{ALERTS}{said['id']}/").json() == said


def test_alerts_are_read_and_not_written(api, three):
    before = Alert.objects.count()

    for method in ("post", "put", "patch", "delete"):
        assert getattr(api, method)(ALERTS).status_code in {403, 405}
    assert Alert.objects.count() == before

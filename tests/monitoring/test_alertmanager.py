import pytest

from monitoring.models import Alert, Payload
from tests.monitoring.conftest import captured

pytestmark = pytest.mark.django_db


@pytest.fixture
def alertmanager(sender):
    return sender("alertmanager")


def alert(print_="f1", status="firing", **labels):
    return {"status": status, "fingerprint": print_, "labels": {"alertname": "Stuck"} | labels}


def payload(*alerts, **fields):
    return {"version": "4", "status": "firing", "alerts": list(alerts)} | fields


def open_keys():
    return set(Alert.objects.open().values_list("key", flat=True))


@pytest.mark.parametrize("alerts", [None, {}, "firing", 3])
def test_a_payload_without_a_list_of_alerts_is_refused(alertmanager, alerts):
    answer = alertmanager.post({"version": "4", "alerts": alerts})

    assert answer.status_code == 400
    assert "'alerts' must be a list" in answer.json()["error"]


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (7, "alerts[1] has no labels"),
        ({"fingerprint": "f", "labels": []}, "alerts[1] has no labels"),
        ({"labels": {"alertname": "x"}}, "alerts[1] has no fingerprint"),
        ({"labels": {"alertname": "x"}, "fingerprint": ""}, "alerts[1] has no fingerprint"),
    ],
)
def test_a_broken_alert_is_named_by_its_place_and_nothing_is_stored(alertmanager, broken, fault):
    answer = alertmanager.post(payload(alert(), broken))

    assert (answer.status_code, answer.json()) == (400, {"error": fault})
    assert not Alert.objects.exists()
    assert Payload.objects.get().error == fault


def test_what_alertmanager_sends_is_understood(alertmanager):
    alertmanager.post(captured("alertmanager-firing"))

    found = Alert.objects.get()
    assert (found.key, found.title) == ("ef77602498fa4dc7", "Withdrawals stuck on wallet")
    assert (found.severity, found.service) == ("P0", "wallet")
    assert found.group == "WithdrawalQueueStuck"
    assert found.resolved_at is None
    assert found.expires_at is None  # its zero time is no time to live


def test_what_it_sends_when_it_is_over_ends_it(alertmanager):
    alertmanager.post(captured("alertmanager-firing"))
    alertmanager.post(captured("alertmanager-resolved"))

    assert open_keys() == set()


def test_a_payload_may_be_partly_over(alertmanager):
    alertmanager.post(payload(alert("f1"), alert("f2")))
    alertmanager.post(payload(alert("f1", "resolved"), alert("f2"), alert("f3")))

    assert open_keys() == {"f2", "f3"}
    assert Alert.objects.get(key="f2").count == 2


def test_alerts_it_left_out_are_not_over(alertmanager):
    alertmanager.post(payload(alert("f1"), alert("f2")))
    alertmanager.post(payload(alert("f1"), truncatedAlerts=1))

    assert open_keys() == {"f1", "f2"}


def test_an_empty_payload_is_fine_and_changes_nothing(alertmanager):
    alertmanager.post(payload(alert("f1")))

    assert alertmanager.post(payload()).status_code == 200
    assert open_keys() == {"f1"}


def test_the_same_alert_twice_in_one_payload_is_one(alertmanager):
    assert alertmanager.post(payload(alert("f1"), alert("f1"))).status_code == 200
    assert Alert.objects.get().count == 1


def test_over_and_firing_again_in_one_payload_is_a_new_alert(alertmanager):
    alertmanager.post(payload(alert("f1")))
    alertmanager.post(payload(alert("f1", "resolved"), alert("f1")))

    assert Alert.objects.filter(key="f1").count() == 2
    assert open_keys() == {"f1"}


@pytest.mark.parametrize(
    ("labels", "severity"),
    [
        ({}, "P2"),
        ({"severity": "warning"}, "P2"),
        ({"severity": "critical"}, "P0"),
        ({"severity": "critical", "priority": "P3"}, "P3"),
        ({"level": "minor"}, "P3"),
        ({"severity": "none"}, "none"),
    ],
)
def test_the_labels_decide_the_severity(alertmanager, labels, severity):
    alertmanager.post(payload(alert(**labels)))

    assert Alert.objects.get().severity == severity


def test_a_repeat_that_is_graver_is_news_and_a_milder_one_is_not(alertmanager):
    alertmanager.post(payload(alert(severity="warning")))
    Alert.objects.update(unread=False)

    alertmanager.post(payload(alert(severity="info")))
    milder = Alert.objects.values_list("severity", "unread").get()
    alertmanager.post(payload(alert(severity="critical")))

    assert milder == ("P2", False)
    assert Alert.objects.values_list("severity", "unread").get() == ("P0", True)

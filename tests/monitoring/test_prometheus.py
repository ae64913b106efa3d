from datetime import UTC, datetime, timedelta

import pytest

from monitoring import services
from monitoring.models import Alert
from monitoring.sources.prometheus import fingerprint
from tests.monitoring.conftest import captured

pytestmark = pytest.mark.django_db

FIRED = "2026-11-23T00:05:58.839+00:00"
OVER = "2026-11-23T00:06:25+00:00"
LABELS = {"alertname": "Stuck", "svc": "wallet"}


@pytest.fixture
def prometheus(sender, clock):
    clock(FIRED)
    return sender("prometheus")


def said(**fields):
    return [{"labels": LABELS} | fields]


@pytest.mark.parametrize("labels", [None, {}, {"alertname": ""}, [], "alertname"])
def test_an_alert_without_labels_is_refused_with_its_place(prometheus, labels):
    answer = prometheus.post([*said(), {"labels": labels}])

    assert answer.status_code == 400
    assert answer.json() == "[1] has no labels"


def test_the_answer_is_the_empty_one_of_alertmanager(prometheus):
    answer = prometheus.post(captured("prometheus-firing"))

    assert (answer.status_code, answer.content) == (200, b"")


def test_what_prometheus_sends_is_understood(prometheus):
    prometheus.post(captured("prometheus-firing"))

    alert = Alert.objects.get()
    assert (alert.title, alert.service) == ("Withdrawals stuck on wallet", "wallet")
    assert (alert.severity, alert.group) == ("P0", "WithdrawalQueueStuck")
    assert alert.started_at == datetime(2026, 11, 23, 0, 5, 58, 839_000, tzinfo=UTC)
    assert alert.expires_at == datetime(2026, 11, 23, 0, 9, 58, 839_000, tzinfo=UTC)
    assert alert.runbook_url == "http://127.0.0.1/runbooks/1"


def test_its_word_that_it_is_over_ends_it(prometheus, clock):
    prometheus.post(captured("prometheus-firing"))
    now = clock(OVER)

    prometheus.post(captured("prometheus-resolved"))

    alert = Alert.objects.get()
    assert (alert.resolved_at, alert.expired) == (now, False)


def test_saying_for_a_quarter_of_an_hour_that_it_is_over_changes_nothing(prometheus, clock):
    prometheus.post(captured("prometheus-firing"))
    clock(OVER)
    prometheus.post(captured("prometheus-resolved"))
    before = Alert.objects.values().get()
    clock("2026-11-23T00:20:00+00:00")

    prometheus.post(captured("prometheus-resolved"))

    assert Alert.objects.values().get() == before


def test_an_alert_first_heard_of_when_it_is_over_is_no_alert(prometheus, clock):
    clock(OVER)
    prometheus.post(captured("prometheus-resolved"))

    assert not Alert.objects.exists()


def test_silence_past_the_time_to_live_ends_it_as_expired(prometheus, clock):
    prometheus.post(captured("prometheus-firing"))
    at = clock("2026-11-23T00:09:58.839+00:00")

    assert services.expire(at=at) == 1

    alert = Alert.objects.get()
    assert (alert.resolved_at, alert.expired, alert.unread) == (at, True, True)


def test_an_alert_within_its_time_to_live_stays(prometheus, clock):
    prometheus.post(captured("prometheus-firing"))

    assert services.expire(at=clock("2026-11-23T00:09:58.838+00:00")) == 0


def test_expiring_twice_does_it_once(prometheus, clock):
    prometheus.post(captured("prometheus-firing"))
    at = clock("2026-11-23T01:00:00+00:00")

    assert [services.expire(at=at), services.expire(at=at)] == [1, 0]


def test_each_word_of_it_gives_it_new_time(prometheus):
    prometheus.post(said(endsAt="2026-11-23T00:10:00Z"))
    prometheus.post(said(endsAt="2026-11-23T00:11:00Z"))

    alert = Alert.objects.get()
    assert alert.count == 2
    assert alert.expires_at == datetime(2026, 11, 23, 0, 11, tzinfo=UTC)


@pytest.mark.parametrize("ends", [None, "", "soon", "0001-01-01T00:00:00Z"])
def test_without_an_end_it_lives_for_five_minutes(prometheus, clock, ends):
    now = clock(FIRED)
    prometheus.post(said(endsAt=ends))

    assert Alert.objects.get().expires_at == now + timedelta(minutes=5)


def test_without_a_start_it_starts_now(prometheus, clock):
    now = clock(FIRED)
    prometheus.post(said())

    assert Alert.objects.get().started_at == now


def test_the_label_set_is_who_it_is():
    assert fingerprint({"a": "1", "b": "2"}) == fingerprint({"b": "2", "a": "1"})
    assert fingerprint({"a": "1"}) != fingerprint({"a": "1", "b": "2"})
    assert fingerprint({"a": "1b"}) != fingerprint({"a1": "b"})


def test_another_label_is_another_alert_and_an_empty_one_is_none(prometheus):
    prometheus.post(said())
    prometheus.post(said(labels=LABELS | {"pod": ""}))
    prometheus.post(said(labels=LABELS | {"pod": "a"}))

    assert [alert.count for alert in Alert.objects.order_by("id")] == [2, 1]


def test_a_batch_of_two_thousand_is_stored(prometheus):
    batch = [{"labels": LABELS | {"pod": f"p{n}"}} for n in range(2000)]

    assert prometheus.post(batch).status_code == 200
    assert Alert.objects.count() == 2000

"""Our own ticks that stop are told of by the one that still runs."""

from datetime import UTC, datetime, timedelta

import pytest

from core.models import Heartbeat
from monitoring import services, tasks
from monitoring.models import Alert

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def beating(**ago):
    for name, minutes in ago.items():
        Heartbeat.objects.update_or_create(name=name, defaults={"at": NOW - minutes * MINUTE})


def told():
    services.watch_ticks(at=NOW)
    rows = Alert.objects.open().order_by("key")
    return [(row.key, row.severity) for row in rows]


def test_a_tick_that_stopped_is_an_alert_until_it_runs_again():
    beating(monitoring=0, rules=4, anomalies=4, roll_up=4)

    assert told() == told() == [("tick:rules", "P1")]
    alert = Alert.objects.get()
    assert (alert.title, alert.count) == ("알림 규칙이 판정되지 않고 있어요", 1)
    assert alert.started_at == NOW - 4 * MINUTE

    beating(rules=0)
    assert told() == []


def test_each_has_its_patience():
    beating(monitoring=0, rules=3, anomalies=5, roll_up=15)

    assert told() == [("tick:anomalies", "P2"), ("tick:roll_up", "P3"), ("tick:rules", "P1")]


def test_after_we_were_away_ourselves_they_have_their_time_from_now():
    beating(monitoring=10, rules=10, anomalies=10, roll_up=20)

    assert told() == []
    assert Heartbeat.objects.get(name="rules").at > NOW


def test_the_ticks_themselves_beat():
    for tick in (tasks.tick, tasks.roll_up, tasks.apply_rules, tasks.detect):
        tick()

    assert set(Heartbeat.objects.values_list("name", flat=True)) >= {
        "monitoring", "rules", "anomalies", "roll_up",
    }  # fmt: skip

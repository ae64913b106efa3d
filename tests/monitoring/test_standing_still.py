"""Our own ticks that stop are told of by the one that still runs."""

from datetime import UTC, datetime, timedelta

import pytest

from core.models import Heartbeat
from monitoring import services, tasks
from monitoring.domain.samples import Identity, Point
from monitoring.judging import reading
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
    beating(monitoring=0, rules=4, anomalies=4, abreast=4, roll_up=4)

    assert told() == told() == [("tick:rules", "P1")]
    alert = Alert.objects.get()
    assert (alert.title, alert.count) == ("알림 규칙이 판정되지 않고 있어요", 1)
    assert alert.started_at == NOW - 4 * MINUTE

    beating(rules=0)
    assert told() == []


def test_each_has_its_patience():
    beating(monitoring=0, rules=3, anomalies=5, abreast=20, roll_up=15)

    assert told() == [
        ("tick:abreast", "P3"), ("tick:anomalies", "P2"), ("tick:roll_up", "P3"), ("tick:rules", "P1"),
    ]  # fmt: skip


def test_after_we_were_away_ourselves_they_have_their_time_from_now():
    beating(monitoring=10, rules=10, anomalies=10, roll_up=20)

    assert told() == []
    assert Heartbeat.objects.get(name="rules").at > NOW


def test_the_ticks_themselves_beat():
    for tick in (tasks.tick, tasks.roll_up, tasks.apply_rules, tasks.detect):
        tick()

    assert set(Heartbeat.objects.values_list("name", flat=True)) >= {
        "monitoring", "rules", "anomalies", "abreast", "roll_up",
    }  # fmt: skip


def test_judges_that_cannot_keep_up_are_told_of_although_they_work(monkeypatch):
    beating(monitoring=0, rules=0, anomalies=5, abreast=20, roll_up=0)
    monkeypatch.setattr(reading, "BUDGET", 4)
    points = [Point(Identity.of("m", n=str(n)), NOW - n * MINUTE, 1.0) for n in range(10)]
    services.write(points, at=NOW)

    tasks.detect()
    assert [key for key, _severity in told()] == ["tick:abreast"]
    assert "많은 새 지표" in Alert.objects.get().description

    for _ in range(3):
        tasks.detect()
    assert told() == []


def test_whoever_finds_another_judge_at_work_does_not_vouch_for_it(monkeypatch):
    monkeypatch.setattr(tasks.judging, "detect", lambda *, at: None)

    tasks.detect()

    assert not Heartbeat.objects.exists()

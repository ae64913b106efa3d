"""The bound on metrics: what has gone frees its place, and nobody is turned away unheard."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring import services
from monitoring.domain.checks import Measured, Outcome, State
from monitoring.domain.samples import TOO_MANY_METRICS, Identity, Point
from monitoring.models import Alert, Check, Metric, Rule, RuleState

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def measure(*names, at=NOW):
    written = services.write([Point(Identity.of(name), at, 1) for name in names], at=at)
    services.roll_up(at=at + timedelta(minutes=10))
    return written


def told(at=NOW):
    services.watch_room(at=at)
    rows = Alert.objects.order_by("pk")
    return [(row.severity, row.resolved_at is None) for row in rows]


def test_what_has_been_silent_for_longer_than_samples_are_kept_takes_nobodys_place(settings):
    settings.METRICS_MAX = 2
    measure("old", "steady", at=NOW - 15 * DAY)
    measure("steady")

    assert measure("new", "newer", at=NOW + SECOND).refused == {TOO_MANY_METRICS: 1}
    assert set(Metric.objects.values_list("name", flat=True)) == {"old", "steady", "new"}


def test_it_is_said_before_the_bound_is_reached_louder_at_the_bound_and_once(settings):
    settings.METRICS_MAX = 20
    measure(*(f"m{n}" for n in range(17)))
    assert told() == []

    measure(*(f"m{n}" for n in range(18)))
    assert told() == told() == [("P3", True)]
    assert Alert.objects.get().count == 1

    measure(*(f"m{n}" for n in range(25)))
    assert told() == [("P2", True)]
    assert "20" in Alert.objects.get().description

    assert told(NOW + 20 * DAY) == [("P2", False)], "all of them fell silent"


def test_a_check_whose_readings_find_no_room_says_so(settings):
    settings.METRICS_MAX = 2  # for check_up and check_seconds
    check = Check.objects.create(name="shop", collector="tcp", settings={}, last_run_at=NOW)
    outcome = Outcome(State.OK, 0.5, readings=(Measured("a", 1), Measured("b", 1)))
    measure("one")

    services.note_runs([(check.job(at=NOW, service=""), outcome)], at=NOW)

    check.refresh_from_db()
    assert check.state == "ok"
    assert check.last_error.startswith("측정값 3개를")


def test_what_is_silent_for_as_long_as_five_minutes_are_kept_is_forgotten():
    measure("old", "spoken of", at=NOW - 91 * DAY)
    measure("younger", at=NOW - 89 * DAY)
    rule = Rule.objects.create(metric="spoken of", kind="absence", severity="P1")
    RuleState.objects.create(
        rule=rule, metric=Metric.objects.get(name="spoken of"), state="firing", since=NOW
    )

    assert services.forget_metrics(at=NOW) == 1
    assert set(Metric.objects.values_list("name", flat=True)) == {"spoken of", "younger"}


def test_where_all_is_kept_for_ever_nothing_is_forgotten(settings):
    settings.SAMPLES_DAYS = dict.fromkeys(("raw", "5m", "1h", "1d"), 0)
    measure("old", at=NOW - 900 * DAY)

    assert services.forget_metrics(at=NOW) == 0

"""When a metric is expected, and a judge that is repeated from what was written down."""

import tracemalloc
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.domain.anomalies import Watch
from monitoring.domain.anomalies.journal import Judged, packed, unpacked
from monitoring.domain.anomalies.pace import ENOUGH, PATIENCE, Pace
from tests.monitoring.metrics import daily

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 10, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def paced(*instants):
    pace = Pace()
    for instant in instants:
        pace.learn(instant)
    return pace


def test_before_a_few_readings_nothing_is_expected():
    assert paced(*range(0, 60 * ENOUGH, 60)).missing(1e6, awake=0) is None


def test_what_should_be_there_is_missed_after_a_while_and_once_for_each():
    pace = paced(*range(0, 60 * 20, 60))
    last = 60 * 19

    assert pace.missing(last + 60 + 30 + PATIENCE - 1, awake=0) is None
    assert pace.missing(last + 60 + 30 + PATIENCE, awake=0) == last + 60
    pace.miss(last + 60)
    assert pace.missing(last + 60 + 30 + PATIENCE, awake=0) is None
    assert pace.missing(last + 120 + 30 + PATIENCE, awake=0) == last + 120


def test_while_nobody_looked_nothing_was_missing():
    pace = paced(*range(0, 60 * 20, 60))

    assert pace.missing(1e5, awake=1e5) is None


def test_one_long_gap_is_no_new_pace():
    instants = [*range(0, 60 * 20, 60), 60 * 60, *range(60 * 61, 60 * 70, 60)]

    assert paced(*instants).expected == 60


readings = st.lists(
    st.tuples(st.integers(1, 9), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
              st.one_of(st.none(), st.floats(allow_nan=False)))
)  # fmt: skip


@given(readings)
def test_what_is_written_down_is_read_back(told):
    lines = [Judged(metric, at.replace(tzinfo=UTC), value) for metric, at, value in told]

    assert list(unpacked(packed(lines))) == lines


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 700), st.booleans())
def test_a_cut_anywhere_changes_nothing(cut, counter):
    values = [value if number % 50 else None for number, value in enumerate(daily(700))]
    at = [START + number * MINUTE for number in range(len(values))]
    whole, first = Watch(SEOUL, counter=counter), Watch(SEOUL, counter=counter)
    unbroken = [whole.take(*pair) for pair in zip(at, values, strict=True)]
    said = [first.take(*pair) for pair in zip(at[:cut], values[:cut], strict=True)]

    second = Watch.load(first.dump(), SEOUL)
    said += [second.take(*pair) for pair in zip(at[cut:], values[cut:], strict=True)]

    assert said == unbroken
    assert second.dump() == whole.dump()


def test_a_judge_that_has_learned_takes_little_memory():
    """A worker holds one for each metric."""
    learned = Watch(SEOUL)
    for number, value in enumerate(daily(3_000)):
        learned.take(START + number * MINUTE, value)
    written = learned.dump()

    tracemalloc.start()
    try:
        held = [Watch.load(written, SEOUL) for _ in range(20)]
        assert tracemalloc.get_traced_memory()[0] < len(held) * 50_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "at", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)]
)
def test_a_clock_change_makes_no_reading_late(at):
    watch = Watch(BERLIN)
    start = at - timedelta(hours=12)

    for number, value in enumerate(daily(288)):
        watch.take(start + number * 5 * MINUTE, value)

    assert watch.pace.count == 288
    assert watch.every == timedelta(minutes=5)
    assert watch.until == start + 287 * 5 * MINUTE

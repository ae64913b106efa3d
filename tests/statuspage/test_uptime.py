"""Availability by intervals: tables, and properties against counting every second by itself."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuspage.domain.states import RANK, State
from statuspage.domain.uptime import Span, Tally, by_day, midnight, pooled, tally

WEIGHTS = {State.MAJOR: 100, State.PARTIAL: 30}
SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
DAY = 86_400


def spans(longest=60):
    moment = st.integers(-20, longest + 20)
    return st.lists(
        st.builds(
            lambda state, one, two: Span(state, min(one, two), max(one, two)),
            st.sampled_from(State), moment, moment,
        )
        | st.builds(Span, st.sampled_from(State), moment),
        max_size=8,
    )  # fmt: skip


def counted(found, begin, end):
    """Second by second."""
    seconds = {}
    for at in range(begin, end):
        here = [
            one.state for one in found if one.began <= at and (one.ended is None or at < one.ended)
        ]
        state = max(here, key=RANK.__getitem__, default=State.OPERATIONAL)
        seconds[state] = seconds.get(state, 0) + 1
    return seconds


@given(spans())
def test_it_is_what_counting_every_second_gives(found):
    assert dict(tally(found, 0, 60).seconds) == counted(found, 0, 60)


@given(spans(), st.integers(0, 60))
def test_a_window_is_the_sum_of_its_parts(found, cut):
    assert tally(found, 0, cut) + tally(found, cut, 60) == Tally(tally(found, 0, 60).seconds)


@given(spans())
def test_a_hundred_percent_means_that_nothing_was_down(found):
    sums = tally(found, 0, 60)
    figure = sums.hundredths(WEIGHTS)
    down = sum(WEIGHTS.get(state, 0) * count for state, count in sums.seconds.items())

    assert (figure == 10_000) == (down == 0 and sums.known > 0)
    assert figure is None or 0 <= figure <= 10_000


@pytest.mark.parametrize(
    ("seconds", "figure"),
    [
        ({State.OPERATIONAL: DAY}, 10_000),
        ({State.OPERATIONAL: DAY - 1, State.MAJOR: 1}, 9_999),
        ({State.OPERATIONAL: 90 * DAY - 1, State.PARTIAL: 1}, 9_999),
        ({State.PARTIAL: 10}, 7_000),
        ({State.MAJOR: 10}, 0),
        ({State.DEGRADED: 5, State.MAINTENANCE: 5}, 10_000),
        ({State.UNKNOWN: 50, State.MAJOR: 1, State.OPERATIONAL: 1}, 5_000),
        ({State.UNKNOWN: 50}, None),
        ({}, None),
    ],
)
def test_figures_are_rounded_down(seconds, figure):
    assert Tally(seconds).hundredths(WEIGHTS) == figure


def test_overlapping_troubles_count_once_as_the_worst():
    found = [Span(State.PARTIAL, 0, 40), Span(State.MAJOR, 20, 30), Span(State.MAJOR, 25, 50)]

    assert dict(tally(found, 0, 100).seconds) == {
        State.PARTIAL: 20, State.MAJOR: 30, State.OPERATIONAL: 50,
    }  # fmt: skip


def test_a_trouble_is_known_though_nobody_else_watched():
    found = [Span(State.UNKNOWN, 0, 100), Span(State.MAJOR, 20, 30)]

    assert dict(tally(found, 0, 100).seconds) == {State.UNKNOWN: 90, State.MAJOR: 10}


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 3, 9), 24), (date(2026, 11, 1), 25)]
)
def test_a_day_has_the_hours_its_zone_gives_it(day, hours):
    [(_, found)] = by_day([], day, day, NEW_YORK, since=0, now=2_000_000_000)

    assert found.known == hours * 3600


@given(spans(5 * DAY), st.integers(0, 5 * DAY), st.integers(0, 5 * DAY))
def test_days_add_up_to_the_window(found, since, now):
    first = datetime.fromtimestamp(0, SEOUL).date()
    last = datetime.fromtimestamp(5 * DAY, SEOUL).date()
    days = by_day(found, first, last, SEOUL, since=since, now=now)

    begin, end = max(since, midnight(first, SEOUL)), now
    whole = tally(found, begin, end) if begin < end else Tally()
    assert pooled([one for _, one in days]) == Tally(whole.seconds)


def test_before_a_component_begins_its_days_are_unknown():
    first, last = date(2026, 1, 1), date(2026, 1, 3)
    since = midnight(date(2026, 1, 2), SEOUL) + 3600
    days = by_day([], first, last, SEOUL, since=since, now=midnight(date(2026, 1, 4), SEOUL))

    assert [one.worst for _, one in days] == [State.UNKNOWN, State.OPERATIONAL, State.OPERATIONAL]
    assert [one.known for _, one in days] == [0, DAY - 3600, DAY]


def test_a_group_is_the_time_of_all_its_members():
    found = pooled([Tally({State.MAJOR: DAY}), Tally({State.OPERATIONAL: DAY})])

    assert found.hundredths(WEIGHTS) == 5_000

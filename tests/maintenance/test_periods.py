"""Which period a moment belongs to, when its work is due, and what is owed after a while."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from maintenance.domain.periods import (
    Frequency,
    Period,
    at_local,
    latest_due,
    owed,
    period_at,
    period_of,
    periods_between,
)

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
BEIRUT, HAVANA = ZoneInfo("Asia/Beirut"), ZoneInfo("America/Havana")
DAILY, WEEKLY, MONTHLY, QUARTERLY = Frequency
AT_THREE = time(3)


def seoul(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("frequency", "day", "first", "last", "name"),
    [
        (DAILY, date(2026, 11, 30), date(2026, 11, 30), date(2026, 11, 30), "2026-11-30"),
        (WEEKLY, date(2026, 11, 30), date(2026, 11, 30), date(2026, 12, 6), "2026-W49"),
        (WEEKLY, date(2027, 1, 3), date(2026, 12, 28), date(2027, 1, 3), "2026-W53"),
        (MONTHLY, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29), "2028-02"),
        (MONTHLY, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), "2026-12"),
        (QUARTERLY, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        (QUARTERLY, date(2027, 1, 1), date(2027, 1, 1), date(2027, 3, 31), "2027-Q1"),
    ],
)
def test_a_day_lies_in_its_period(frequency, day, first, last, name):
    period = period_of(frequency, day)
    assert (period.first, period.last, str(period)) == (first, last, name)


def test_the_companys_midnight_parts_two_days():
    before = datetime(2026, 11, 29, 14, 59, tzinfo=UTC)
    assert period_at(DAILY, before, SEOUL).first == date(2026, 11, 29)
    assert period_at(DAILY, before + timedelta(minutes=1), SEOUL).first == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("day", "hour", "zone", "due"),
    [
        # Skipped by the clock: as much later as it skips.
        (date(2026, 3, 8), time(2, 30), NEW_YORK, datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        # Said twice by the clock: the first.
        (date(2026, 11, 1), time(1, 30), NEW_YORK, datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        # Days that begin at one, or have midnight twice.
        (date(2026, 3, 29), time(0), BEIRUT, datetime(2026, 3, 28, 22, tzinfo=UTC)),
        (date(2026, 11, 1), time(0), HAVANA, datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_change_of_the_clock_moves_what_is_due_and_loses_nothing(day, hour, zone, due):
    assert at_local(day, hour, zone) == due
    assert at_local(day, hour.replace(fold=1), zone) == due
    assert period_at(DAILY, due, zone).first == day


def test_days_of_a_clock_change_have_23_and_25_hours():
    short, long = (Period(DAILY, day) for day in (date(2026, 3, 8), date(2026, 11, 1)))
    assert short.ends(NEW_YORK) - short.starts(NEW_YORK) == timedelta(hours=23)
    assert long.ends(NEW_YORK) - long.starts(NEW_YORK) == timedelta(hours=25)


@pytest.mark.parametrize(
    ("frequency", "at", "first"),
    [
        (DAILY, seoul(2026, 11, 30, 3), date(2026, 11, 30)),
        (DAILY, seoul(2026, 11, 30, 2, 59), date(2026, 11, 29)),
        (WEEKLY, seoul(2026, 11, 30, 2, 59), date(2026, 11, 23)),
        (MONTHLY, seoul(2026, 12, 1, 2, 59), date(2026, 11, 1)),
        (QUARTERLY, seoul(2027, 1, 1, 3), date(2027, 1, 1)),
    ],
)
def test_work_is_due_from_its_hour_on(frequency, at, first):
    assert latest_due(frequency, AT_THREE, at, SEOUL).first == first


BEGAN = seoul(2026, 11, 20, 12)


@pytest.mark.parametrize(
    ("known", "at", "runs", "missed"),
    [
        (None, seoul(2026, 11, 20, 13), None, []),
        (None, seoul(2026, 11, 21, 3), 21, []),
        (21, seoul(2026, 11, 21, 23), None, []),
        (21, seoul(2026, 11, 22, 2, 59), None, []),
        (21, seoul(2026, 11, 22, 3), 22, []),
        (21, seoul(2026, 11, 25, 2, 59), 24, [22, 23]),
        (21, seoul(2026, 11, 25, 3), 25, [22, 23, 24]),
        (21, seoul(2026, 11, 20, 12), None, []),
    ],
    ids=[
        "what was due before it began is nobody's", "the first one", "never twice",
        "not before its hour", "the next one", "after downtime, before today's hour",
        "after downtime, the newest alone", "a clock set back",
    ],
)  # fmt: skip
def test_what_is_owed(known, at, runs, missed):
    def of(day):
        return Period(DAILY, date(2026, 11, day)) if day else None

    found = owed(DAILY, AT_THREE, since=BEGAN, at=at, zone=SEOUL, known=of(known))
    assert (found.run, found.missed) == (of(runs), tuple(map(of, missed)))


@given(
    frequency=some.sampled_from(Frequency),
    hour=some.times(),
    zone=some.sampled_from([SEOUL, NEW_YORK, BEIRUT, HAVANA]),
    pauses=some.lists(some.timedeltas(timedelta(minutes=1), timedelta(days=9)), max_size=60),
)
def test_however_often_one_looks_each_period_is_met_once_and_none_is_left_out(
    frequency, hour, zone, pauses
):
    at, known, met = datetime(2026, 2, 20, tzinfo=UTC), None, []
    since = at
    for pause in pauses:
        at += pause
        found = owed(frequency, hour, since=since, at=at, zone=zone, known=known)
        met += [*found.missed, *([found.run] if found.run else [])]
        known = met[-1] if met else None
    due = [
        period
        for period in periods_between(frequency, since.date() - timedelta(1), at.date())
        if since <= period.due(hour, zone) <= at
    ]
    assert met == due


@given(frequency=some.sampled_from(Frequency), day=some.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_periods_follow_one_another_without_a_gap(frequency, day):
    period = period_of(frequency, day)
    assert period.first <= day <= period.last
    assert period.next.first == period.last + timedelta(days=1)
    assert period.next.before == period == period_of(frequency, period.last)

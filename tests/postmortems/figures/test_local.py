"""Clocks of many moments at once, against one after the other."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortems.domain.figures.cases import moment
from postmortems.domain.figures.load import Load, loads
from postmortems.domain.figures.local import hours, local

# Of half hours, of changes by half an hour, of the other half of the world, and of none.
ZONES = ["Asia/Seoul", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
START = datetime(2026, 1, 1, tzinfo=UTC)
SPRING = datetime(2026, 3, 8, tzinfo=UTC)  # New York's clocks go forward
MOMENTS = st.integers(0, 365 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
NEAR_A_CHANGE = st.integers(0, 48 * 60).map(lambda minutes: SPRING + timedelta(minutes=minutes))


def column(moments):
    return np.array([moment(one) for one in moments], "M8[us]")


@pytest.mark.parametrize("name", ZONES)
@settings(max_examples=60, deadline=None)
@given(moments=st.lists(MOMENTS | NEAR_A_CHANGE, max_size=30))
def test_each_moment_is_what_its_own_clock_shows(name, moments):
    zone = ZoneInfo(name)
    shown = local(column(moments), zone)

    assert shown.tolist() == [one.astimezone(zone).replace(tzinfo=None) for one in moments]
    assert hours(shown).tolist() == [one.astimezone(zone).hour for one in moments]


def night_of(shown):
    return None if 7 <= shown.hour < 22 else (shown - timedelta(hours=12)).date()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), MOMENTS | NEAR_A_CHANGE), max_size=30))
def test_nights_are_counted_by_whoever_slept_in_them(calls):
    zones = {1: ZoneInfo("Asia/Seoul"), 2: ZoneInfo("America/New_York"), 3: ZoneInfo("UTC")}
    persons = np.array([person for person, _at in calls], np.int64)
    found = loads(persons, column(at for _person, at in calls), zones)

    expected = set()
    for person in set(persons.tolist()):
        shown = [at.astimezone(zones[person]) for one, at in calls if one == person]
        nights = {night_of(at) for at in shown} - {None}
        expected.add(Load(person, len(shown), len(nights)))
    assert set(found) == expected
    assert [one.nights for one in found] == sorted((one.nights for one in found), reverse=True)

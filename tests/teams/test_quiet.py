from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.domain.quiet import quiet_until

SEOUL, BERLIN, NEW_YORK = map(ZoneInfo, ("Asia/Seoul", "Europe/Berlin", "America/New_York"))


def until(local, begins, ends, zone=SEOUL, fold=0):
    at = datetime.fromisoformat(local).replace(tzinfo=zone, fold=fold).astimezone(UTC)
    found = quiet_until(
        at, begins=time.fromisoformat(begins), ends=time.fromisoformat(ends), zone=zone
    )
    return found and found.astimezone(zone).strftime("%d %H:%M")


@pytest.mark.parametrize(
    ("now", "begins", "ends", "expected"),
    [
        ("2026-11-28T23:00", "22:00", "08:00", "29 08:00"),
        ("2026-11-28T03:10", "22:00", "08:00", "28 08:00"),
        ("2026-11-28T22:00", "22:00", "08:00", "29 08:00"),
        ("2026-11-28T08:00", "22:00", "08:00", None),
        ("2026-11-28T21:59", "22:00", "08:00", None),
        ("2026-11-28T13:00", "12:00", "14:00", "28 14:00"),
        ("2026-11-28T14:00", "12:00", "14:00", None),
        ("2026-11-28T11:00", "12:00", "14:00", None),
        ("2026-12-31T23:59", "22:00", "00:00", "01 00:00"),
        ("2028-02-28T23:00", "22:00", "08:00", "29 08:00"),
    ],
)
def test_quiet_hours_may_go_over_midnight(now, begins, ends, expected):
    assert until(now, begins, ends) == expected


def test_in_spring_the_quiet_night_is_an_hour_shorter_and_ends_at_the_same_local_time():
    began = datetime(2026, 3, 28, 22, tzinfo=BERLIN).astimezone(UTC)
    end = quiet_until(began, begins=time(22), ends=time(8), zone=BERLIN)

    assert end is not None
    assert end.astimezone(UTC) - began == timedelta(hours=9)


def test_an_end_that_the_change_skips_comes_with_the_next_hour_there_is():
    assert until("2026-03-29T01:30", "22:00", "02:30", BERLIN) in {"29 03:30", "29 02:30"}
    began = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN).astimezone(UTC)
    end = quiet_until(began, begins=time(22), ends=time(2, 30), zone=BERLIN)
    assert end is not None
    assert end.astimezone(UTC) - began == timedelta(hours=1)


def test_in_the_hour_that_comes_twice_the_quiet_time_never_ends_before_now():
    assert until("2026-11-01T01:20", "23:00", "01:30", NEW_YORK, fold=1) == "01 01:30"
    again = datetime(2026, 11, 1, 1, 20, tzinfo=NEW_YORK, fold=1).astimezone(UTC)
    end = quiet_until(again, begins=time(23), ends=time(1, 30), zone=NEW_YORK)
    assert end is not None
    assert end.astimezone(UTC) - again == timedelta(minutes=10)


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    begins=st.times(),
    ends=st.times(),
    zone=st.sampled_from([SEOUL, BERLIN, NEW_YORK]),
)
def test_a_quiet_time_ends_in_the_future_and_within_a_day_and_an_hour(at, begins, ends, zone):
    found = quiet_until(
        at, begins=begins.replace(microsecond=0), ends=ends.replace(microsecond=0), zone=zone
    )

    assert found is None or timedelta(0) < found.astimezone(UTC) - at <= timedelta(hours=25)

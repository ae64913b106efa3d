from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitoring.domain import ranges

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("asked", "length", "query"),
    [
        ({}, 6 * HOUR, "range=6h"),
        ({"range": "7d"}, 168 * HOUR, "range=7d"),
        ({"range": "x"}, 6 * HOUR, "range=6h"),
        ({"from": "x"}, 6 * HOUR, "range=6h"),
        ({"from": "2026-11-28T20:00", "to": "2026-11-28T19:00"}, 6 * HOUR, "range=6h"),
        ({"from": "9" * 30}, 6 * HOUR, "range=6h"),
        ({"from": "0001-01-01"}, 6 * HOUR, "range=6h"),
    ],
)
def test_what_makes_no_sense_is_answered_by_the_usual_range(asked, length, query):
    found = ranges.read(asked, at=NOW, zone=SEOUL)

    assert (found.length, found.query, found.live) == (length, query, True)


def test_a_free_range_is_read_as_the_readers_clock_shows_it_and_can_be_shared():
    found = ranges.read({"from": "2026-11-28T18:00", "to": "2026-11-28T19:30"}, at=NOW, zone=SEOUL)

    assert found.since == datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    assert not found.live
    shared = dict(part.split("=") for part in found.query.split("&"))
    assert ranges.read(shared, at=NOW, zone=ZoneInfo("UTC")).since == found.since


def test_the_time_to_come_is_not_shown():
    asked = {"from": "2026-11-28T18:00", "to": "2026-12-28T18:00"}

    assert ranges.read(asked, at=NOW, zone=SEOUL).until == NOW


def test_around_a_moment_is_what_led_to_it_and_what_followed_so_far():
    found = ranges.around(NOW - HOUR, at=NOW, before=2 * HOUR, after=3 * HOUR)

    assert (found.since, found.until) == (NOW - 3 * HOUR, NOW)

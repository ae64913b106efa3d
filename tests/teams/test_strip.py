from datetime import date
from zoneinfo import ZoneInfo

from teams.domain.strip import Bar, bars, monday, starts
from tests.teams.conftest import seoul

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")


def test_the_week_begins_on_monday_where_the_reader_is():
    sunday_night = seoul("2026-11-23T00:30")

    assert monday(sunday_night, SEOUL) == date(2026, 11, 23)
    assert monday(sunday_night, BERLIN) == date(2026, 11, 16)


def test_a_turn_across_two_weeks_is_a_bar_in_each():
    edges = starts(date(2026, 11, 23), 2, SEOUL)
    spans = [(seoul("2026-11-29T12:00"), seoul("2026-11-30T12:00"))]

    assert bars(spans, edges[0], SEOUL) == [Bar(0, 92.857, 7.143)]
    assert bars(spans, edges[1], SEOUL) == [Bar(0, 0, 7.143)]


def test_a_turn_ends_where_the_wall_clock_says_also_in_the_week_of_the_change():
    edges = starts(date(2026, 10, 19), 1, BERLIN)  # summer time ends on Sunday
    noon = seoul("2026-10-25T20:00")  # 12:00 in Berlin, after the change

    assert bars([(edges[0], noon)], edges[0], BERLIN) == [Bar(0, 0, 92.857)]


def test_what_lies_outside_draws_nothing():
    edges = starts(date(2026, 11, 23), 1, SEOUL)

    assert bars([(seoul("2026-11-30T00:00"), seoul("2026-12-01T00:00"))], edges[0], SEOUL) == []

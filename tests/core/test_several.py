import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.charts.several import Course, several
from core.charts.shapes import Point

START = datetime(2026, 11, 28, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
END = START + 10 * MINUTE


def course(number, *values, faint=False):
    points = [Point(START + n * MINUTE, value, value, value) for n, value in enumerate(values)]
    return Course(number, points, 3 * MINUTE, faint)


def drawn(*courses, **said):
    return several(courses, START, END, zone=ZoneInfo("Asia/Seoul"), height=100, **said)


def test_courses_of_one_unit_share_an_axis():
    high, low = drawn(course(1, 10, 10), course(2, 5, 5)).courses

    assert high.end_y < low.end_y


def test_normalised_each_fills_the_height_by_itself():
    found = drawn(course(1, 1, 2), course(2, 1000, 5000), normalised=True)

    assert found.courses[0].lines == found.courses[1].lines
    assert found.values[0].label == "0\N{NO-BREAK SPACE}%"


def test_numbers_at_the_ends_do_not_stand_on_each_other():
    found = drawn(*(course(n, 5, 5) for n in range(1, 9)), course(9, 0, 10))
    ends = sorted(one.end_y for one in found.courses)

    assert all(after - before >= 12.9 for before, after in itertools.pairwise(ends))
    assert ends[-1] <= 100.01


def test_what_is_compared_with_carries_no_number():
    assert drawn(course(1, 1, 2, faint=True)).courses[0].end is None


def test_nothing_is_drawn_of_nothing():
    assert drawn(course(1)).courses == []

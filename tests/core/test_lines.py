from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts.lines import chart, reach
from core.charts.ruler import labelled, numbers
from core.charts.shapes import About, Band, Bar, Mark, Point, Span

SEOUL = ZoneInfo("Asia/Seoul")
START = datetime(2026, 11, 28, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
END = START + 100 * MINUTE


def flat(*values, gap_after=None):
    return [
        Point(START + n * 10 * MINUTE, value - 1, value, value + 1)
        for n, value in enumerate(values)
        if n != gap_after
    ]


def drawn(points, about=None, unit=""):
    return chart(
        points, START, END, gap=15 * MINUTE, zone=SEOUL, unit=unit, about=about, height=100
    )


def test_the_mean_is_a_line_and_low_to_high_a_band():
    found = drawn(flat(10, 20, 30))

    assert found.lines[0].startswith("M0.0 ")
    assert "L100.0 " in found.lines[0]
    assert found.bands[0].endswith("Z")


def test_a_gap_breaks_line_and_band():
    found = drawn(flat(10, 20, 30, 40, 50, gap_after=2))

    assert len(found.lines) == len(found.bands) == 2


def test_values_far_from_zero_do_not_begin_there_and_others_do():
    assert reach([1000.0, 1010.0])[0] > 900
    assert reach([1.0, 10.0])[0] == 0
    assert reach([-5.0, 5.0])[0] < -5


def test_a_bar_far_away_stands_at_the_edge_instead_of_flattening_the_values():
    near, far = drawn(flat(10, 20), About(bars=[Bar(25, "a"), Bar(1e6, "b")])).bars

    assert not near.outside
    assert (far.outside, far.y) == (True, 0)


def test_what_lies_outside_the_time_is_not_drawn_and_what_overlaps_is_cut():
    spans = [Span(START - 50 * MINUTE, START + 10 * MINUTE, "a"), Span(END, END + MINUTE, "b")]
    marks = [Mark(START - MINUTE, "a"), Mark(START + 50 * MINUTE, "b")]
    found = drawn(flat(1, 2), About(spans=spans, marks=marks))

    assert [(one.x, one.width) for one in found.spans] == [(0, 100)]
    assert [one.x for one in found.marks] == [500]
    assert found.marks[0].percent == 50


def test_labels_of_marks_do_not_stand_on_each_other():
    marks = [Mark(START + n * MINUTE, str(n)) for n in (50, 40, 45, 60)]

    assert [(one.label, one.named) for one in drawn(flat(1, 2), About(marks=marks)).marks] == [
        ("40", True), ("45", False), ("50", False), ("60", True),
    ]  # fmt: skip


def test_the_expected_band_is_a_box_inside_the_chart():
    found = drawn(flat(10, 20), About(bands=[Band(START, START + 10 * MINUTE, 5, 15)]))
    (x, top, width, height) = found.expected[0]

    assert (x, width) == (0, 100)
    assert 0 <= top < top + height <= 100


def test_nothing_is_drawn_of_nothing():
    assert drawn([]).lines == []
    assert drawn([]).times


@pytest.mark.parametrize(
    ("hours", "first", "count"),
    [(1, "09:10", 6), (24, "12:00", 8), (24 * 30, "12/05", 5), (24 * 365, "2027/01", 6)],
)
def test_the_ruler_is_marked_at_round_local_times(hours, first, count):
    found = labelled(START, START + timedelta(hours=hours), SEOUL, most=8 if hours < 100 else 6)

    assert first in [label for _, label in found]
    assert len(found) <= 13
    assert abs(len(found) - count) <= 4


def test_across_a_change_of_the_clock_marks_stay_at_round_times():
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    found = labelled(start, start + timedelta(hours=30), zone, most=8)

    assert all(at.minute == 0 for at, _ in found)


@given(
    st.floats(-1e12, 1e12),
    st.floats(1e-6, 1e12),
    st.sampled_from(["", "bytes", "seconds", "ratio"]),
)
def test_rulers_of_values_are_never_crowded(low, room, unit):
    found, size = numbers(low, low + room, unit, most=4)

    assert len(found) <= 17
    assert [size.text(value) for value in found]


@given(st.lists(st.floats(-1e100, 1e100), min_size=1, max_size=30))
def test_every_line_is_inside(values):
    points = [Point(START + n * MINUTE, value, value, value) for n, value in enumerate(values)]
    found = chart(points, START, END, gap=5 * MINUTE, zone=SEOUL, height=100)
    words = found.lines[0].replace("M", " ").replace("L", " ").replace("h0.1", "").split()

    assert all(-0.01 <= float(y) <= 100.01 for y in words[1::2])

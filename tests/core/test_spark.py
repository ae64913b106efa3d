from hypothesis import given
from hypothesis import strategies as st

from core.charts.spark import HEIGHT, MARGIN, WIDTH, spark


def test_the_lowest_stands_at_the_foot_and_the_highest_at_the_head():
    drawn = spark([(0, 5.0), (50, 1.0), (100, 9.0)], 0, 100, gap=60)

    assert drawn.line == f"M{MARGIN} 12.0L48.0 {HEIGHT - MARGIN} {WIDTH - MARGIN} {MARGIN}"
    assert (drawn.low, drawn.high, drawn.last) == (1.0, 9.0, 9.0)


def test_a_gap_stays_a_gap_and_a_lonely_point_is_a_dot():
    drawn = spark([(0, 1.0), (10, 2.0), (90, 1.0)], 0, 100, gap=20)

    assert drawn.line.count("M") == 2
    assert drawn.line.endswith("h0.1")


def test_what_never_changes_runs_through_the_middle():
    assert " 12.0" in spark([(0, 7.0), (10, 7.0)], 0, 10, gap=20).line


def test_nothing_is_drawn_of_nothing():
    assert spark([], 0, 10, gap=1) is None
    assert spark([(20, 1.0)], 0, 10, gap=1) is None


@given(st.lists(st.floats(-1e100, 1e100), min_size=1, max_size=30))
def test_every_point_is_inside_the_box(values):
    drawn = spark(list(enumerate(values)), 0, 30, gap=2)
    numbers = drawn.line.replace("M", " ").replace("L", " ").replace("h0.1", "").split()

    assert all(0 <= float(x) <= WIDTH for x in numbers[::2])
    assert all(0 <= float(y) <= HEIGHT for y in numbers[1::2])

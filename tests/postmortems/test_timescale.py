from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.domain.drawing import Drawing, draw
from postmortems.domain.marks import CROWD, NUMBER_ALL
from postmortems.domain.report import Entry, Phase, PhaseKind, Report
from postmortems.domain.spread import spread
from postmortems.domain.timescale import EDGE, WIDTH, Scale, scale_of
from tests.postmortems.samples import BEGAN, FULL, after, busy

KINDS: tuple[PhaseKind, ...] = ("detect", "acknowledge", "mitigate", "resolve")
NAMES: dict[PhaseKind, str] = {
    "detect": "Detect",
    "acknowledge": "Acknowledge",
    "mitigate": "Mitigate",
    "resolve": "Resolve",
}


def drawn(report: Report) -> Drawing:
    drawing = draw(report, NAMES)
    assert drawing
    return drawing


@st.composite
def reports(make) -> Report:
    lengths = make(st.lists(st.integers(0, 200_000), max_size=7))
    edges = [BEGAN]
    for length in lengths:
        edges.append(edges[-1] + timedelta(seconds=length))
    phases = tuple(
        Phase(kind=KINDS[min(place, 3)], start=start, end=end)
        for place, (start, end) in enumerate(pairwise(edges))
    )
    moments = st.tuples(st.integers(-100_000, 900_000), st.booleans(), st.booleans())
    entries = tuple(
        Entry(at=BEGAN + timedelta(seconds=at), text="", phase_change=change, important=grave)
        for at, change, grave in sorted(make(st.lists(moments, max_size=130)))
    )
    zone = make(st.sampled_from(["Asia/Seoul", "UTC", "America/New_York", "Asia/Kathmandu"]))
    return replace(FULL, phases=phases, entries=entries, timezone=zone, curves=FULL.curves)


@given(reports())
def test_everything_drawn_stays_inside_the_frame(report):
    drawing = draw(report, NAMES)
    if drawing is None:
        assert not report.phases
        assert not report.entries
        return
    spans = [(mark.left, mark.left + mark.width) for mark in drawing.marks]
    spans += [(mark.x, mark.x) for mark in drawing.marks]
    spans += [(bar.left, bar.left + 4) for bar in drawing.bars]
    spans += [(segment.x, segment.x + segment.width) for segment in drawing.segments]
    spans += [(callout.left, callout.right) for callout in drawing.callouts]
    spans += [(tick.x - EDGE, tick.x + EDGE) for tick in drawing.ticks]
    assert all(-1e-6 <= left <= right <= WIDTH + 1e-6 for left, right in spans)
    points = [point for panel in drawing.panels for point in panel.points]
    assert all(0 <= x <= WIDTH and 0 <= y <= drawing.rows_y for x, y in points)


@given(reports())
def test_numbers_never_touch_and_keep_their_order(report):
    marks = drawn(report).marks if report.entries else ()
    assert all(left.left + left.width < right.left for left, right in pairwise(marks))
    assert all(left.number < right.number for left, right in pairwise(marks))


@given(reports())
def test_every_record_has_a_number_or_is_counted_in_a_bar(report):
    drawing = draw(report, NAMES)
    if drawing:
        counted = sum(bar.count for bar in drawing.bars)
        assert len(drawing.marks) + counted == len(report.entries)


@given(reports())
def test_names_above_the_band_stand_on_rows_of_their_own(report):
    drawing = draw(report, NAMES)
    rows = [callout.row for callout in drawing.callouts] if drawing else []
    assert len(set(rows)) == len(rows)


@given(reports())
def test_the_rulers_labels_stay_apart(report):
    drawing = draw(report, NAMES)
    ticks = drawing.ticks if drawing else ()
    assert all(right.x - left.x > 50 for left, right in pairwise(ticks))


ROOM = st.integers(1, 30).flatmap(
    lambda count: st.tuples(
        st.lists(st.floats(0, WIDTH), min_size=count, max_size=count),
        st.lists(st.floats(1, 9), min_size=count, max_size=count),
    )
)


@given(ROOM)
def test_spread_labels_neither_overlap_nor_leave_the_row(room: tuple[list[float], list[float]]):
    wanted, halves = sorted(room[0]), room[1]
    centres = spread(wanted, halves, low=0, high=WIDTH, gap=2)
    boxes = list(zip(centres, halves, strict=True))
    assert all(b - a >= ha + hb + 2 - 1e-6 for (a, ha), (b, hb) in pairwise(boxes))
    assert all(half - 1e-6 <= centre <= WIDTH - half + 1e-6 for centre, half in boxes)


def test_labels_that_have_room_are_not_moved():
    assert spread([50, 100, 300], [8, 8, 8], low=0, high=WIDTH) == [50, 100, 300]


def test_crowded_labels_share_the_way_they_give():
    assert spread([100, 100], [8, 8], low=0, high=WIDTH, gap=2) == [91, 109]


def test_lengths_are_to_scale():
    detect, acknowledge, mitigate, resolve = drawn(FULL).segments
    assert mitigate.width / resolve.width == pytest.approx((39 * 60 + 10) / (21 * 60 + 20))
    assert detect.x + detect.width == pytest.approx(acknowledge.x)


def test_only_the_short_phases_are_named_above_the_band():
    assert [callout.segment.kind for callout in drawn(FULL).callouts] == ["detect", "acknowledge"]


def test_a_dozen_records_all_have_numbers():
    drawing = drawn(FULL)
    assert [mark.number for mark in drawing.marks] == list(range(1, 13))
    assert not drawing.bars


def test_of_many_records_only_changes_and_important_ones_have_numbers():
    report = busy(120)
    important = replace(report.entries[40], important=True)
    report = replace(report, entries=(*report.entries[:40], important, *report.entries[41:]))
    assert [mark.number for mark in drawn(report).marks] == [1, 26, 41, 51, 76, 101]


def test_a_burst_has_few_numbers_and_the_rest_is_counted():
    start = tuple(replace(entry, at=BEGAN) for entry in FULL.entries)
    drawing = drawn(replace(FULL, entries=start))
    assert len(drawing.marks) == CROWD
    assert [bar.count for bar in drawing.bars] == [len(start) - CROWD]


def test_when_everything_changes_the_phase_the_row_fills_and_no_further():
    entries = tuple(replace(entry, phase_change=True) for entry in busy(120).entries)
    assert NUMBER_ALL < len(drawn(replace(FULL, entries=entries)).marks) < 40


def test_a_note_a_week_later_stands_at_the_edge_and_squeezes_nothing():
    late = replace(FULL.entries[-1], at=BEGAN + timedelta(days=7))
    drawing = drawn(replace(FULL, entries=(*FULL.entries, late)))
    assert drawing.later
    assert drawing.marks[-1].x == WIDTH - EDGE / 2
    assert drawing.segments == drawn(FULL).segments


def test_a_single_moment_still_has_a_ruler_around_it():
    drawing = drawn(replace(FULL, phases=(), entries=FULL.entries[:1], curves=()))
    assert drawing.marks[0].x == pytest.approx(WIDTH / 2)
    assert [tick.time for tick in drawing.ticks][:3] == ["02:46:15", "02:46:30", "02:46:45"]


def test_without_any_time_there_is_nothing_to_draw():
    assert draw(replace(FULL, phases=(), entries=()), NAMES) is None


def test_the_ruler_counts_local_round_hours_and_dates_where_the_day_changes():
    start = datetime(2026, 11, 16, 13, 20, tzinfo=UTC)  # 22:20 in Seoul
    ticks = Scale(start, start + timedelta(hours=6), ZoneInfo("Asia/Seoul")).ticks()
    shown = [(tick.time, tick.day) for tick in ticks]
    assert shown[:3] == [("23:00", "11-16"), ("00:00", "11-17"), ("01:00", "")]


def test_weeks_are_ruled_in_days():
    start = datetime(2026, 11, 1, tzinfo=UTC)
    ticks = Scale(start, start + timedelta(days=20), ZoneInfo("UTC")).ticks()
    assert [tick.time for tick in ticks] == ["11-01", "11-08", "11-15"]


def test_a_clock_that_goes_back_an_hour_does_not_stretch_the_scale():
    zone = ZoneInfo("America/New_York")
    start = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)  # the clocks go back at 06:00 UTC
    scale = Scale(start, start + timedelta(hours=4), zone)
    local = (start + timedelta(hours=2)).astimezone(zone)
    assert scale.x(local) == pytest.approx(WIDTH / 2)


def test_a_curve_is_cut_where_the_scale_ends():
    panel = drawn(FULL).panels[0]
    scale = scale_of(FULL)
    assert scale
    assert panel.points[0][0] == pytest.approx(scale.x(after("0:00")))
    assert panel.points[-1][0] == pytest.approx(WIDTH - EDGE)


def test_a_curve_outside_the_drawn_time_is_left_out():
    past = tuple((at - timedelta(days=1), value) for at, value in FULL.curves[0].points)
    report = replace(FULL, curves=(replace(FULL.curves[0], points=past),))
    assert drawn(report).panels == ()

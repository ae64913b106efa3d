"""Rotations: by tables, and against a clock that is read minute by minute."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.domain.rota import Layer, Override, Rotation, Unit, Window, gaps, on_call, shifts

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
MINUTE = timedelta(minutes=1)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text):
    return datetime.fromisoformat(text)


def weekly(zone=SEOUL, first="2026-01-05T09:00", people=(1, 2), **more):
    return Rotation(zone, [Layer(people, local(first), 1, Unit.WEEKS)], **more)


@pytest.mark.parametrize(
    ("zone", "start", "end", "handover"),
    [
        (NEW_YORK, "2026-03-03", "2026-03-15", "2026-03-09T13:00"),  # summer began on the 8th
        (NEW_YORK, "2026-10-28", "2026-11-04", "2026-11-02T14:00"),  # and ended on the 1st
        (LORD_HOWE, "2026-09-30", "2026-10-10", "2026-10-04T22:00"),  # by half an hour
        (SEOUL, "2028-02-25", "2028-03-02", "2028-02-28T00:00"),  # over a leap day
    ],
)
def test_handover_stays_at_nine_on_the_wall(zone, start, end, handover):
    found = shifts(weekly(zone), utc(start), utc(end))

    assert utc(handover) in [shift.start for shift in found]
    assert utc(handover).astimezone(zone).time() == time(9)


def test_nobody_before_the_first_handover():
    start, first = utc("2026-01-01"), utc("2026-01-05T00:00")

    assert gaps(weekly(), start, utc("2026-02-01")) == [(start, first)]
    assert on_call(weekly(), first - MINUTE) is None
    assert on_call(weekly(), first) == 1


def test_a_skipped_handover_happens_at_the_skip():
    nightly = Rotation(NEW_YORK, [Layer([1, 2], local("2026-03-07T02:30"), 1, Unit.DAYS)])

    assert [shift.start for shift in shifts(nightly, utc("2026-03-08"), utc("2026-03-09"))][1:] == [
        utc("2026-03-08T07:00")
    ]


def test_a_night_window_covers_a_lower_layer_over_midnight():
    night = Layer([9], local("2026-01-05T00:00"), 1, Unit.WEEKS, [Window(4, time(22), time(6))])
    rotation = Rotation(SEOUL, [*weekly().layers, night])

    found = shifts(rotation, utc("2026-01-09T12:00"), utc("2026-01-10T00:00"))
    assert [(shift.person, shift.start.hour) for shift in found] == [(1, 12), (9, 13), (1, 21)]


def test_an_override_covers_all_and_the_last_one_made_wins():
    start, end = utc("2026-01-06T00:00"), utc("2026-01-06T06:00")
    hour = timedelta(hours=1)
    overrides = [Override(7, start + hour, end), Override(8, start + 2 * hour, start + 3 * hour)]

    found = shifts(weekly(overrides=overrides), start, end)
    assert [shift.person for shift in found] == [1, 7, 8, 7]
    assert [shift.layer for shift in found] == [0, None, None, None]


def test_one_person_alone_has_one_long_shift():
    assert len(shifts(weekly(people=[1]), utc("2026-02-01"), utc("2026-06-01"))) == 1


STARTS = {
    NEW_YORK: ["2026-03-07T12:00", "2026-10-31T12:00"],
    LORD_HOWE: ["2026-04-04T03:00", "2026-10-03T03:00"],
    SEOUL: ["2028-02-28T03:00", "2026-12-31T03:00"],
}
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
windows = st.builds(Window, st.integers(0, 6), clocks, clocks)


@st.composite
def cases(draw):
    zone = draw(st.sampled_from(list(STARTS)))
    start = utc(draw(st.sampled_from(STARTS[zone])))
    wall = start.astimezone(zone).replace(tzinfo=None)
    layers = st.builds(
        Layer,
        st.lists(st.integers(1, 4), max_size=3),
        st.integers(-3000, 600).map(lambda n: wall + n * MINUTE),
        st.integers(1, 30),
        st.sampled_from(Unit),
        st.lists(windows, max_size=3),
    )
    overrides = st.builds(
        lambda person, begin, length: Override(
            person, start + begin * MINUTE, start + (begin + length) * MINUTE
        ),
        st.integers(5, 7),
        st.integers(-100, 1000),
        st.integers(1, 400),
    )
    return Rotation(
        zone, draw(st.lists(layers, max_size=3)), draw(st.lists(overrides, max_size=2))
    ), start


def by_the_minute(rotation, start, end):
    """Reads the wall clock each minute; a clock put back counts on only when it has caught up."""
    at = start - timedelta(days=1)
    latest = at.astimezone(rotation.zone).replace(tzinfo=None)
    while at < end:
        latest = max(latest, at.astimezone(rotation.zone).replace(tzinfo=None))
        if at >= start:
            yield at, there(rotation, at, latest)
        at += MINUTE


def there(rotation, at, wall):
    for override in reversed(rotation.overrides):
        if override.start <= at < override.end:
            return override.person
    for layer in reversed(rotation.layers):
        if layer.people and wall >= layer.first and is_open(layer.windows, wall):
            return layer.people[(wall - layer.first) // layer.length % len(layer.people)]
    return None


def is_open(windows, wall):
    return not windows or any(inside(window, wall) for window in windows)


def inside(window, wall):
    if window.start < window.end:
        return wall.weekday() == window.weekday and window.start <= wall.time() < window.end
    today = wall.weekday() == window.weekday and wall.time() >= window.start
    return today or ((wall.weekday() - 1) % 7 == window.weekday and wall.time() < window.end)


@settings(max_examples=60)
@given(cases())
def test_shifts_say_what_the_clock_on_the_wall_says(case):
    rotation, start = case
    end = start + timedelta(hours=30)
    found = shifts(rotation, start, end)

    said = {}
    for shift in found:
        at = shift.start
        while at < shift.end:
            said[at] = shift.person
            at += MINUTE
    assert [(at, said.get(at)) for at, _ in by_the_minute(rotation, start, end)] == list(
        by_the_minute(rotation, start, end)
    )


@given(cases())
def test_shifts_and_gaps_fill_the_range_without_overlap(case):
    rotation, start = case
    end = start + timedelta(days=3)
    spans = [shift[1:3] for shift in shifts(rotation, start, end)] + gaps(rotation, start, end)

    spans.sort()
    assert [start, *(until for _, until in spans)] == [*(begin for begin, _ in spans), end]

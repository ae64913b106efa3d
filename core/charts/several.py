"""Several courses over one another, on one axis of values or each between its own lowest and highest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.charts.lines import Across, Down, lines_of, reach
from core.charts.ruler import numbers
from core.charts.shapes import Point, Tick
from core.charts.units import Scaled

NUMBERS: Final = 4
SHARE: Final = "%"
LABEL: Final = 13.0  # pixels between two numbers at the ends of lines


@dataclass(frozen=True)
class Course:
    number: int  # its colour, its dashes, and the number at its end
    points: Sequence[Point]
    gap: timedelta
    faint: bool = False  # what it is compared with


@dataclass(frozen=True)
class Drawn:
    number: int
    faint: bool
    lines: list[str]
    end: Tick | None
    end_y: float = 0.0


@dataclass(frozen=True)
class Several:
    height: float
    courses: list[Drawn]
    times: list[Tick]
    values: list[Tick]


def several(
    courses: Sequence[Course],
    since: datetime,
    until: datetime,
    *,
    zone: ZoneInfo,
    unit: str = "",
    height: float = 220.0,
    normalised: bool = False,
) -> Several:
    across = Across(since, until)
    seen = [
        (course, points)
        for course in courses
        if (points := [point for point in course.points if since <= point.at <= until])
    ]
    if not seen:
        return Several(height, [], across.times(zone), [])
    if normalised:
        seen = [(course, _share(points)) for course, points in seen]
    means = [point.mean for _, points in seen for point in points]
    down = Down(*((0.0, 104.0) if normalised else reach(means)), height)
    rounds, size = numbers(down.low, down.high, SHARE if normalised else unit, most=NUMBERS)
    drawn = [_drawn(course, points, across, down) for course, points in seen]
    return Several(height, _apart(drawn, height), across.times(zone), _ticks(rounds, size, down))


def _ticks(rounds: Sequence[float], size: Scaled, down: Down) -> list[Tick]:
    return [Tick(down.y(value), size.text(value)) for value in rounds]


def _share(points: Sequence[Point]) -> list[Point]:
    """Between its own lowest and highest, in percent."""
    low, high = min(point.mean for point in points), max(point.mean for point in points)
    room = high - low

    def share(value: float) -> float:
        return 100 * (value - low) / room if room else 50.0

    return [Point(p.at, share(p.low), share(p.mean), share(p.high)) for p in points]


def _drawn(course: Course, points: Sequence[Point], across: Across, down: Down) -> Drawn:
    last = points[-1]
    end = None if course.faint else Tick(round(across.x(last.at), 2), str(course.number))
    lines = lines_of(points, across, down, course.gap)
    return Drawn(course.number, course.faint, lines, end, down.y(last.mean))


def _apart(drawn: list[Drawn], height: float) -> list[Drawn]:
    """Numbers at the ends do not stand on each other: pushed down, and up again at the foot."""
    order = sorted((d.end_y, place) for place, d in enumerate(drawn) if d.end)
    ys: dict[int, float] = {}
    floor = -LABEL
    for y, place in order:
        ys[place] = floor = max(y, floor + LABEL)
    ceiling = height + LABEL
    for _, place in reversed(order):
        ys[place] = ceiling = min(ys[place], ceiling - LABEL)
    return [
        Drawn(d.number, d.faint, d.lines, d.end, round(ys.get(place, d.end_y), 2))
        for place, d in enumerate(drawn)
    ]

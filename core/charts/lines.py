"""A course of values as geometry: the mean as a line, low to high as a band, and what happened.

Across, places are per mille of the width, for a chart is as wide as its screen; down, they are pixels.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.charts.ruler import labelled, numbers
from core.charts.shapes import About, Band, Bar, Chart, Line, Mark, Point, Shown, Span, Tick
from core.charts.spark import path, runs_of
from core.charts.units import Scaled

ACROSS: Final = 1000.0
TIMES, NUMBERS = 6, 4
SMALL: Final = 90.0
HEADROOM: Final = 0.06
FAR: Final = 4.0  # a bar so many times the values' reach away does not flatten them
EDGE: Final = 30.0  # labels nearer to an end would stand outside
FEW: Final = 48  # of what is usual at least so many points, or there is a hole
APART: Final = 110.0  # labels nearer to each other would overlap on a phone


class Across:
    """Time as a width."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self.since, self.until = since, until
        self._start, self._length = since.timestamp(), (until - since).total_seconds() or 1.0

    def x(self, at: datetime) -> float:
        return ACROSS * (at.timestamp() - self._start) / self._length

    def within(self, at: datetime) -> float:
        return min(ACROSS, max(0.0, self.x(at)))

    def times(self, zone: ZoneInfo, most: int = TIMES) -> list[Tick]:
        named = labelled(self.since, self.until, zone, most=most)
        ticks = [Tick(round(self.x(at), 2), label) for at, label in named]
        return [tick for tick in ticks if EDGE <= tick.place <= ACROSS - EDGE]

    def span(self, one: Span) -> Shown | None:
        if one.until <= self.since or one.since >= self.until:
            return None
        left, right = self.within(one.since), self.within(one.until)
        return Shown(round(left, 2), round(max(2.0, right - left), 2), one.label, one.tone, one.url)

    def mark(self, one: Mark) -> Shown | None:
        if not self.since <= one.at <= self.until:
            return None
        return Shown(round(self.x(one.at), 2), 0.0, one.label, one.tone, one.url)


class Down:
    """Values as a height, from the lowest to a little over the highest."""

    def __init__(self, low: float, high: float, height: float) -> None:
        self.low, self.high, self.height = low, high, height
        self._room = (high - low) or 1.0

    def y(self, value: float) -> float:
        return round(self.height * (1 - (value - self.low) / self._room), 2)


def reach(values: Sequence[float], besides: Iterable[float] = ()) -> tuple[float, float]:
    """From zero where that wastes little of the height; what is far off besides the values is left out."""
    low, high = min(values), max(values)
    room = (high - low) or abs(high) or 1.0
    near = [value for value in besides if low - FAR * room <= value <= high + FAR * room]
    low, high = min([low, *near]), max([high, *near])
    if low >= 0 and high - low > high / 4:
        return 0.0, high * (1 + HEADROOM)
    pad = HEADROOM * ((high - low) or abs(high) or 1.0)
    return low - pad, high + pad


def chart(
    points: Sequence[Point],
    since: datetime,
    until: datetime,
    *,
    gap: timedelta,
    zone: ZoneInfo,
    unit: str = "",
    height: float = 220.0,
    about: About | None = None,
) -> Chart:
    """Where the next point is further away than the gap, the line is broken."""
    about = about or About()
    seen = [point for point in points if since <= point.at <= until]
    across = Across(since, until)
    if not seen:
        return Chart(height, [], [], across.times(zone), [], Scaled(1.0, ""))
    usual = [point for point in about.usual if since <= point.at <= until]
    besides = [bar.value for bar in about.bars] + [v for one in about.bands for v in one[2:]]
    down = Down(*reach(_edges(seen), besides + _edges(usual)), height)
    rounds, size = numbers(down.low, down.high, unit, most=NUMBERS if height > SMALL else 2)
    return Chart(
        height=height,
        lines=lines_of(seen, across, down, gap),
        bands=_bands(seen, across, down, gap),
        times=across.times(zone),
        values=[Tick(down.y(value), size.text(value)) for value in rounds],
        unit=size,
        usual=_bands([_held(point, down) for point in usual], across, down, (until - since) / FEW)
        if usual
        else [],
        expected=[box for one in about.bands if (box := _box(one, across, down))],
        bars=[_bar(bar, down, size) for bar in about.bars],
        spans=[shown for one in about.spans if (shown := across.span(one))],
        shades=[shown for one in about.shades if (shown := across.span(one))],
        marks=_apart(shown for one in about.marks if (shown := across.mark(one))),
        dots=[_dot(one, across, down) for one in about.dots if since <= one[0] <= until],
    )


def _edges(points: Iterable[Point]) -> list[float]:
    return [value for point in points for value in (point.low, point.high)]


def _dot(one: tuple[datetime, float], across: Across, down: Down) -> tuple[float, float]:
    at, value = one
    return round(across.x(at), 2), down.y(min(down.high, max(down.low, value)))


def lines_of(seen: Sequence[Point], across: Across, down: Down, gap: timedelta) -> list[str]:
    placed = [(point.at.timestamp(), point.mean) for point in seen]
    first = across.since.timestamp()
    scale = ACROSS / ((across.until - across.since).total_seconds() or 1.0)
    return [
        path([((at - first) * scale, down.y(value)) for at, value in run])
        for run in runs_of(placed, gap.total_seconds())
    ]


def _bands(seen: Sequence[Point], across: Across, down: Down, gap: timedelta) -> list[str]:
    """From low to high and back; where both are the same there is nothing to see."""
    found, rest = [], list(seen)
    for run in runs_of([(point.at.timestamp(), 0.0) for point in seen], gap.total_seconds()):
        part, rest = rest[: len(run)], rest[len(run) :]
        if len(part) > 1 and any(point.high > point.low for point in part):
            over = [(across.x(point.at), down.y(point.high)) for point in part]
            under = [(across.x(point.at), down.y(point.low)) for point in reversed(part)]
            found.append(f"{path([*over, *under])}Z")
    return found


def _held(point: Point, down: Down) -> Point:
    """Not beyond the chart."""
    low, high = max(point.low, down.low), min(point.high, down.high)
    return point._replace(low=min(low, down.high), high=max(high, down.low))


def _apart(marks: Iterable[Shown]) -> list[Shown]:
    """By time; a label that would stand on the one before is left out."""
    found: list[Shown] = []
    last = -ACROSS
    for mark in sorted(marks):
        room = mark.x - last >= APART
        found.append(mark._replace(named=room))
        last = mark.x if room else last
    return found


def _box(one: Band, across: Across, down: Down) -> tuple[float, float, float, float] | None:
    if one.until <= across.since or one.since >= across.until:
        return None
    left, right = across.within(one.since), across.within(one.until)
    top, bottom = down.y(min(one.high, down.high)), down.y(max(one.low, down.low))
    return (round(left, 2), top, round(max(2.0, right - left), 2), round(max(1.0, bottom - top), 2))


def _bar(bar: Bar, down: Down, size: Scaled) -> Line:
    outside = not down.low <= bar.value <= down.high
    y = down.y(min(down.high, max(down.low, bar.value)))
    label = f"{bar.label} {size.text(bar.value)}".strip()
    return Line(y, label, bar.tone, bar.value, outside)

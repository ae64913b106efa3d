"""Level and burn over the last hours, and where the level goes from here. Per mille across."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from core.charts.lines import Across, Down, lines_of
from core.charts.shapes import Mark, Point, Shown, Tick
from core.charts.units import said
from energy.queries import Bucket

HEIGHT, BURN = 230.0, 46.0
LENGTHS: Final = tuple(timedelta(hours=hours) for hours in (1, 6, 24))
POINTS, BARS = 288, 48
AHEAD: Final = 4  # a quarter of the time shown is still to come
APART: Final = 110.0
LETTERS: Final = 14.0  # the height of a label


@dataclass(frozen=True)
class Course:
    lines: list[str]
    cone: str
    ahead: str
    now: Tick
    dot: tuple[float, float] | None
    levels: list[Tick]
    limits: list[tuple[float, float, str, str]]  # y of the line and of its label, label, tone
    burns: list[tuple[float, float, float, float]]  # x, y, width, height
    most: str
    times: list[Tick]
    marks: list[Shown]
    height: float = HEIGHT
    burn_height: float = BURN


def length_since(first: datetime | None, *, at: datetime) -> timedelta:
    """A wallet of an hour ago is not a line at the edge of a whole day."""
    age = at - first if first else timedelta(0)
    return next((length for length in LENGTHS if age <= length), LENGTHS[-1])


def course(
    buckets: Sequence[Bucket],
    *,
    at: datetime,
    length: timedelta,
    zone: ZoneInfo,
    percent: float | None,
    runways: tuple[timedelta | None, timedelta | None],
    limits: Sequence[tuple[float, str, str]],
    marks: Sequence[Mark] = (),
) -> Course:
    since, until = at - length, at + length / AHEAD
    across = Across(since, until)
    top = max([20.0, *(bucket.high for bucket in buckets), *(value for value, *_ in limits)])
    top = min(100.0, ceil(top / 20) * 20.0)
    down = Down(0.0, top, HEIGHT)
    seen = [Point(one.at, one.low, one.mean, one.high) for one in buckets]
    gap = max(timedelta(minutes=3), 3 * length / POINTS)
    shown = [found for mark in sorted(marks) if (found := across.mark(mark))]
    return Course(
        lines=lines_of(seen, across, down, gap) if seen else [],
        cone=_cone(across, down, at, until, percent, runways),
        ahead=_ahead(across, down, at, until, percent, runways[0]),
        now=Tick(round(across.x(at), 2), f"{at.astimezone(zone):%H:%M}"),
        dot=None if percent is None else (round(across.x(at), 2), down.y(percent)),
        levels=[Tick(down.y(value), f"{value} %") for value in range(20, int(top) + 1, 20)],
        limits=_limits(down, limits),
        burns=_burns(buckets, across, length),
        most=_most(buckets, length),
        times=across.times(zone),
        marks=_apart(shown),
    )


def _limits(
    down: Down, limits: Sequence[tuple[float, str, str]]
) -> list[tuple[float, float, str, str]]:
    """From below, each label clear of the one under it."""
    found, floor = [], HEIGHT + LETTERS
    for value, label, tone in sorted(limits):
        y = down.y(value)
        floor = min(y, floor - LETTERS)
        found.append((y, floor, label, tone))
    return found


def _end(
    at: datetime, until: datetime, percent: float, runway: timedelta
) -> tuple[datetime, float]:
    """Where the line meets the floor, or the edge of the picture."""
    if at + runway <= until:
        return at + runway, 0.0
    return until, percent * (1 - (until - at) / runway)


def _ahead(
    across: Across, down: Down, at: datetime, until: datetime, percent: float | None,
    runway: timedelta | None,
) -> str:  # fmt: skip
    if not percent or not runway:
        return ""
    end, value = _end(at, until, percent, runway)
    return f"M{across.x(at):.1f} {down.y(percent)}L{across.x(end):.1f} {down.y(value)}"


def _cone(
    across: Across, down: Down, at: datetime, until: datetime, percent: float | None,
    runways: tuple[timedelta | None, timedelta | None],
) -> str:  # fmt: skip
    usual, soon = runways
    if not percent or not soon:
        return ""
    near, low = _end(at, until, percent, soon)
    far, high = _end(at, until, percent, usual) if usual else (until, percent)
    corner = f"L{across.x(far):.1f} {down.y(0)}" if high == 0 or near < until else ""
    return (
        f"M{across.x(at):.1f} {down.y(percent)}L{across.x(near):.1f} {down.y(low)}"
        f"{corner}L{across.x(far):.1f} {down.y(high)}Z"
    )


def _rates(buckets: Sequence[Bucket], length: timedelta) -> list[tuple[datetime, float]]:
    size = length / BARS
    found: dict[int, int] = {}
    for bucket in buckets:
        place = int(bucket.at.timestamp() // size.total_seconds())
        found[place] = found.get(place, 0) + bucket.burned.energy
    hours = size / timedelta(hours=1)
    zone = buckets[0].at.tzinfo if buckets else None
    return [
        (datetime.fromtimestamp(place * size.total_seconds(), zone), energy / hours)
        for place, energy in found.items()
    ]


def _burns(
    buckets: Sequence[Bucket], across: Across, length: timedelta
) -> list[tuple[float, float, float, float]]:
    rates = _rates(buckets, length)
    most = max((rate for _, rate in rates), default=0.0) or 1.0
    found = []
    for at, rate in rates:
        left, right = across.within(at), across.within(at + length / BARS)
        height = round(BURN * rate / most, 1)
        width = max(0.0, right - left - 2)
        found.append((round(left + 1, 2), round(BURN - height, 1), round(width, 2), height))
    return found


def _most(buckets: Sequence[Bucket], length: timedelta) -> str:
    most = max((rate for _, rate in _rates(buckets, length)), default=0.0)
    return said(most, "") if most else ""


def _apart(marks: Sequence[Shown]) -> list[Shown]:
    found: list[Shown] = []
    last = -APART
    for mark in marks:
        room = mark.x - last >= APART
        found.append(mark._replace(named=room))
        last = mark.x if room else last
    return found

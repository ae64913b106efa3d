"""Who is on call when: layers of turns in local time, and overrides above them all.

A local time stands for the first moment at which the local clock has reached it. So 02:30 in the
hour that spring skips is the moment of the skip, and in the hour that autumn repeats the first one.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

DAY: Final = timedelta(days=1)
SLACK: Final = 2 * DAY  # more than any clock was ever put forward or back


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"


@dataclass(frozen=True)
class Window:
    """A part of each week; one that does not end after it starts goes on into the next day."""

    weekday: int  # 0 is Monday
    start: time
    end: time


@dataclass(frozen=True)
class Layer:
    people: Sequence[int | None]  # None: this turn is nobody's
    first: datetime  # the first handover, local, without a zone
    every: int
    unit: Unit
    windows: Sequence[Window] = ()  # none: always
    # The time it held for, where it was written anew; None is always.
    since: datetime | None = None
    until: datetime | None = None
    zone: ZoneInfo | None = None  # the rotation's, unless that was another one then

    @property
    def length(self) -> timedelta:
        return timedelta(**{self.unit.value: self.every})


@dataclass(frozen=True)
class Override:
    person: int
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Rotation:
    zone: ZoneInfo
    layers: Sequence[Layer]  # from the lowest up
    overrides: Sequence[Override] = ()  # the one made last covers those before


class Shift(NamedTuple):
    person: int
    start: datetime
    end: datetime
    layer: int | None  # None: an override


Span = tuple[datetime, datetime]


def shifts(rotation: Rotation, start: datetime, end: datetime) -> list[Shift]:
    """In order, cut to the range, one for as long as the same person is there for one reason."""
    sources = list(_sources(rotation, start, end))
    cuts = sorted({start, end} | {cut for source in sources for s in source for cut in s[1:3]})
    starts = [[shift.start for shift in source] for source in sources]
    found: list[Shift] = []
    for begin, until in pairwise(cuts):
        for source, begins in zip(sources, starts, strict=True):
            place = bisect_right(begins, begin) - 1
            if place >= 0 and source[place].end > begin:
                _add(found, source[place]._replace(start=begin, end=until))
                break
    return found


def on_call(rotation: Rotation, at: datetime) -> int | None:
    there = shifts(rotation, at, at + timedelta(microseconds=1))
    return there[0].person if there else None


def gaps(rotation: Rotation, start: datetime, end: datetime) -> list[Span]:
    """When nobody is on call."""
    covered = shifts(rotation, start, end)
    begins = [start, *(shift.end for shift in covered)]
    ends = [*(shift.start for shift in covered), end]
    return [(begin, until) for begin, until in zip(begins, ends, strict=True) if begin < until]


def _add(found: list[Shift], shift: Shift) -> None:
    last = found[-1] if found else None
    if last and (last.person, last.layer, last.end) == (shift.person, shift.layer, shift.start):
        found[-1] = last._replace(end=shift.end)
    else:
        found.append(shift)


def _sources(rotation: Rotation, start: datetime, end: datetime) -> Iterator[list[Shift]]:
    """What covers comes first; each source is in order and does not overlap itself."""
    for override in reversed(rotation.overrides):
        yield list(_cut(override.person, (override.start, override.end), (start, end), None))
    for place in reversed(range(len(rotation.layers))):
        yield list(_turns(rotation, place, start, end))


def _turns(rotation: Rotation, place: int, start: datetime, end: datetime) -> Iterator[Shift]:
    layer = rotation.layers[place]
    zone = layer.zone or rotation.zone
    start, end = max(start, layer.since or start), min(end, layer.until or end)
    if not layer.people or start >= end:
        return
    open_ = _open(layer, zone, start, end)
    early = start.astimezone(zone).replace(tzinfo=None) - SLACK
    turn = max(0, (early - layer.first) // layer.length)
    begin = _moment(layer.first + turn * layer.length, zone)
    while begin < end:
        until = _moment(layer.first + (turn + 1) * layer.length, zone)
        person = layer.people[turn % len(layer.people)]
        if person is not None:
            for span in open_:
                inside = (max(begin, span[0]), min(until, span[1]))
                yield from _cut(person, inside, (start, end), place)
        turn, begin = turn + 1, until


def _cut(person: int, span: Span, within: Span, layer: int | None) -> Iterator[Shift]:
    begin, until = max(span[0], within[0]), min(span[1], within[1])
    if begin < until:
        yield Shift(person, begin, until, layer)


def _open(layer: Layer, zone: ZoneInfo, start: datetime, end: datetime) -> list[Span]:
    """When the layer counts at all, in order and joined."""
    if not layer.windows:
        return [(start, end)]
    first = start.astimezone(zone).date() - SLACK
    days = [first + n * DAY for n in range((end - start).days + 6)]
    found: list[Span] = []
    for window in layer.windows:
        for day in days:
            if day.weekday() == window.weekday:
                over = DAY if window.end <= window.start else timedelta(0)
                begin = datetime.combine(day, window.start)
                until = datetime.combine(day + over, window.end)
                found.append((_moment(begin, zone), _moment(until, zone)))
    return _joined(sorted(found))


def _joined(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for begin, until in spans:
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((begin, until))
    return found


def _moment(local: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the clock on the wall has reached this time."""
    late = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == local:
        return late
    early = local.replace(tzinfo=zone, fold=1).astimezone(UTC)  # skipped: the clock jumps between
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            early = middle
        else:
            late = middle
    return late

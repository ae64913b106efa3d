"""What a chart is drawn from, and what is drawn: values with their moments in, places and words out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from core.charts.units import Scaled


class Point(NamedTuple):
    at: datetime
    low: float
    mean: float
    high: float


class Bar(NamedTuple):
    """A value that something is compared with."""

    value: float
    label: str
    tone: str = ""


class Span(NamedTuple):
    """A time in which something held."""

    since: datetime
    until: datetime
    label: str
    tone: str = ""
    url: str = ""


class Mark(NamedTuple):
    """A moment at which something happened."""

    at: datetime
    label: str
    tone: str = ""
    url: str = ""


class Band(NamedTuple):
    """Between what values were expected, for a time."""

    since: datetime
    until: datetime
    low: float
    high: float


class Tick(NamedTuple):
    place: float
    label: str

    @property
    def percent(self) -> float:
        return round(self.place / 10, 3)


class Shown(NamedTuple):
    """A span or mark with its place."""

    x: float
    width: float
    label: str
    tone: str
    url: str
    named: bool = True  # there is room for its label

    @property
    def percent(self) -> float:
        return round(self.x / 10, 3)

    @property
    def share(self) -> float:
        return round(self.width / 10, 3)


class Line(NamedTuple):
    y: float
    label: str
    tone: str
    value: float
    outside: bool  # too far away to be drawn in scale: it stands at the edge


@dataclass(frozen=True)
class About:
    """What is drawn besides the values."""

    bars: Sequence[Bar] = ()
    spans: Sequence[Span] = ()
    shades: Sequence[Span] = ()
    marks: Sequence[Mark] = ()
    bands: Sequence[Band] = ()
    dots: Sequence[tuple[datetime, float]] = ()
    usual: Sequence[Point] = ()


@dataclass(frozen=True)
class Chart:
    height: float
    lines: list[str]
    bands: list[str]
    times: list[Tick]
    values: list[Tick]
    unit: Scaled
    usual: list[str] = field(default_factory=list)
    expected: list[tuple[float, float, float, float]] = field(default_factory=list)
    bars: list[Line] = field(default_factory=list)
    spans: list[Shown] = field(default_factory=list)
    shades: list[Shown] = field(default_factory=list)
    marks: list[Shown] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)

"""Measures over the phases: points of a line and the places of its limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from core.printing.measure import width
from postmortems.domain.report import Curve
from postmortems.domain.spread import spread
from postmortems.domain.timescale import WIDTH, Scale

HEIGHT = 54.0
CAPTION = 18.0
LETTER = 11.0
HALF_LABEL = 7.0
MOST_LIMITS = 4  # labels that fit beside each other's lines


@dataclass(frozen=True, slots=True)
class Limit:
    label: str
    y: float
    label_y: float

    @property
    def end(self) -> float:
        """The line stops where its label stands."""
        return WIDTH - width(self.label, LETTER) - 6.0


@dataclass(frozen=True, slots=True)
class Panel:
    top: float
    label: str
    unit: str
    low: str
    high: str
    points: tuple[tuple[float, float], ...]
    limits: tuple[Limit, ...]
    floor: float  # the y of zero, or of the lowest value below it

    @property
    def start(self) -> float:
        return self.top + CAPTION

    @property
    def height(self) -> float:
        return HEIGHT

    @property
    def end(self) -> float:
        return self.start + HEIGHT

    @property
    def path(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)

    @property
    def area(self) -> str:
        (first, _), (last, _) = self.points[0], self.points[-1]
        return f"{first:.1f},{self.floor:.1f} {self.path} {last:.1f},{self.floor:.1f}"


def panel_of(curve: Curve, scale: Scale, top: float) -> Panel | None:
    """None when the drawn time holds no stretch of the curve."""
    seen = _clipped(curve.points, scale.start, scale.end)
    if len(seen) < 2:
        return None
    values = [value for _, value in seen]
    reach = _Reach(values + [value for _, value in curve.limits], top)
    return Panel(
        top=top,
        label=curve.label,
        unit=curve.unit,
        low=_figure(min(values)),
        high=_figure(max(values)),
        points=tuple((scale.x(at), reach.y(value)) for at, value in seen),
        limits=_limits(curve, reach, top),
        floor=reach.y(min(0.0, *values)),
    )


def _clipped(
    points: Sequence[tuple[datetime, float]], start: datetime, end: datetime
) -> list[tuple[datetime, float]]:
    """The points from start to end, with the line cut at both."""
    inside = [(at, value) for at, value in points if start <= at <= end]
    for (before, low), (after, high) in pairwise(points):
        for edge in (start, end):
            if before < edge < after:
                share = (edge - before) / (after - before)
                inside.append((edge, low + (high - low) * share))
    return sorted(inside)


class _Reach:
    """From zero, or below it, to a little over the highest value."""

    def __init__(self, values: Iterable[float], top: float) -> None:
        everything = [0.0, *values]
        self.low, high = min(everything), max(everything)
        self.room = (high - self.low) * 1.08 or 1.0
        self.bottom = top + CAPTION + HEIGHT

    def y(self, value: float) -> float:
        return self.bottom - HEIGHT * (value - self.low) / self.room


def _limits(curve: Curve, reach: _Reach, top: float) -> tuple[Limit, ...]:
    limits = sorted(curve.limits, key=lambda limit: -limit[1])[:MOST_LIMITS]
    lines = [reach.y(value) for _, value in limits]
    labels = spread(
        lines,
        [HALF_LABEL] * len(lines),
        low=top + CAPTION - HALF_LABEL,
        high=top + CAPTION + HEIGHT,
        gap=0.0,
    )
    return tuple(Limit(name, *ys) for (name, _), *ys in zip(limits, lines, labels, strict=True))


def _figure(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")

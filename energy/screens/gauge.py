"""The arc of what is left, with the marks at which it becomes grave."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Final

CENTRE: Final = (188.0, 160.0)
RADIUS, RIM, MARKS = 132.0, 149.0, 128.0
FROM, OVER = 210.0, 240.0  # degrees: from lower left over the top to lower right


@dataclass(frozen=True)
class Gauge:
    track: str
    level: str
    zones: Sequence[tuple[str, str]]  # the arc and its tone
    ticks: Sequence[tuple[float, float, float, float, float, float, str]]
    names: Sequence[tuple[float, float, str, str]]  # of the zones' ends, with their tone


def gauge(percent: float | None, zones: Sequence[tuple[float, float, str]]) -> Gauge:
    """Zones are from, to (in percent) and tone. Without a percentage there is no level at all."""
    share = 0.0 if percent is None else min(100.0, max(0.0, percent))
    return Gauge(
        track=arc(0, 100, RADIUS),
        level=arc(0, share, RADIUS) if share else "",
        zones=[(arc(low, high, RIM), tone) for low, high, tone in zones if high > low],
        ticks=[
            (*place(at, MARKS - 14), *place(at, MARKS - 8), *place(at, MARKS - 28), f"{at:g}")
            for at in (25.0, 50.0, 75.0)
        ],
        names=[(*place(high, RIM + 12), f"{high:g} %", tone) for _, high, tone in zones],
    )


def arc(low: float, high: float, radius: float) -> str:
    (x1, y1), (x2, y2) = place(low, radius), place(high, radius)
    large = int((high - low) * OVER / 100 > 180)
    return f"M{x1} {y1}A{radius:g} {radius:g} 0 {large} 1 {x2} {y2}"


def place(percent: float, radius: float) -> tuple[float, float]:
    angle = radians(FROM - OVER * percent / 100)
    return (
        round(CENTRE[0] + radius * cos(angle), 1),
        round(CENTRE[1] - radius * sin(angle), 1),
    )

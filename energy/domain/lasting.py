"""Whether the energy lasts too short, which is told before any percentage is low."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final

from energy.domain.states import CONSECUTIVE

OVER: Final = Fraction(3, 2)  # of a bound, from which on it is over


@dataclass(frozen=True)
class Bounds:
    """Below the one at the usual pace, or below the other at the worst; 0: never."""

    usual: timedelta = timedelta(hours=1)
    worst: timedelta = timedelta(minutes=30)


@dataclass(frozen=True)
class Lasting:
    short: bool = False
    turning: int = 0  # readings in a row that say otherwise


def is_short(
    p50: timedelta | None, p90: timedelta | None, bounds: Bounds, *, held: bool = False
) -> bool:
    """None: longer than anybody looks ahead. What is held ends later than it began."""
    pairs = ((p50, bounds.usual), (p90, bounds.worst))
    return any(
        lasts is not None and lasts < (bound * OVER.numerator / OVER.denominator if held else bound)
        for lasts, bound in pairs
    )


def after(held: Lasting, short: bool) -> Lasting:
    """One reading is no pace: both to begin and to end it takes some in a row."""
    if short == held.short:
        return Lasting(held.short)
    turning = held.turning + 1
    return Lasting(short) if turning >= CONSECUTIVE else Lasting(held.short, turning)

"""How it went through a window: equal pieces of it, each with what was noticed in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from postmortems.domain.figures.cases import Case, Clock, Window, lengths
from postmortems.domain.figures.estimates import quantile

PIECES: Final = 30


class Piece(NamedTuple):
    """`low` and `high` hold the middle half of the lengths; None where nothing is over."""

    at: datetime
    incidents: int
    low: float | None
    median: float | None
    high: float | None


def course(cases: Sequence[Case], window: Window, clock: Clock, *, days: int) -> list[Piece]:
    """A day each, or so many days that there are no more than thirty pieces."""
    wide = timedelta(days=-(-days // PIECES))
    held: list[list[Case]] = [[] for _ in range(-(-(window.until - window.since) // wide))]
    for case in cases:
        if window.holds(case):
            held[(case.detected - window.since) // wide].append(case)
    return [_piece(window.since + place * wide, some, clock) for place, some in enumerate(held)]


def _piece(at: datetime, cases: Sequence[Case], clock: Clock) -> Piece:
    values = lengths(cases, clock)
    low, middle, high = (quantile(values, share, "s").value for share in (0.25, 0.5, 0.75))
    return Piece(at, len(cases), low, middle, high)

"""How it went through a window: equal pieces of it, each with what was noticed in it."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import numpy as np

from postmortems.domain.figures import estimates
from postmortems.domain.figures.cases import Cases, Clock, Floats, Window, moment

PIECES: Final = 30


class Piece(NamedTuple):
    """`low` and `high` hold the middle half of the lengths; None where nothing is over."""

    at: datetime
    incidents: int
    low: float | None
    median: float | None
    high: float | None


def course(cases: Cases, window: Window, clock: Clock, *, days: int) -> list[Piece]:
    """A day each, or so many days that there are no more than thirty pieces."""
    wide = timedelta(days=-(-days // PIECES))
    pieces = -(-(window.until - window.since) // wide)
    ours = cases.within(window)
    edges = np.arange(1, pieces) * np.timedelta64(wide) + moment(window.since)
    ends = np.searchsorted(ours.detected, edges)
    return [
        _piece(window.since + place * wide, took)
        for place, took in enumerate(np.split(ours.took(clock), ends))
    ]


def _piece(at: datetime, took: Floats) -> Piece:
    ordered = np.sort(took[~np.isnan(took)])
    if not len(ordered):
        return Piece(at, len(took), None, None, None)
    return Piece(at, len(took), *(estimates.at(ordered, share) for share in (0.25, 0.5, 0.75)))

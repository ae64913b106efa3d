"""When a resource reaches a threshold: how many days, in which range, or not at all as far as can be seen.

1. The peaks of each day (medians of six hours); what only piles up goes by its daily increments.
2. Courses of the days ahead are drawn (`drawing`, `piling`).
3. Each course reaches the threshold on some day or never; the days are read from all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from maintenance.domain import drawing, piling
from maintenance.domain.series import HOLES, Floats, grid, peaks

HORIZON: Final = 365
LEAST: Final = 10  # days of history, to say anything
FARTHER: Final = 6  # times as far ahead as is known behind, at most
LONGEST: Final = 180  # days a trend is fitted to: older ones tell of another time
DRAWS: Final = 600
SEED: Final = 20_24  # the same history always gives the same answer
LIKELY: Final = 0.5
CHANGED: Final = 0.8
# Bursts make the distribution of days lopsided, and late is worse than early: the point is put a little
# before the middle. The share was chosen on the benchmark's series of storage, all of them.
EARLY: Final = 0.44


@dataclass(frozen=True)
class Reach:
    """Days from the last reading; None: not within the horizon."""

    days: float | None
    soonest: float | None
    latest: float | None


@dataclass(frozen=True)
class Outlook:
    now: float
    pace: float  # a day, over the next thirty
    horizon: int
    changed: int | None  # days ago that the trend surely changed
    known: int  # days of history
    kinds: dict[str, float]
    _points: Floats  # courses
    _band: Floats
    _offset: float
    _at: float  # the quantile that stands for all

    def until(self, threshold: float, *, share: float = 0.8) -> Reach:
        """The day, and the range that holds it in such a share of cases."""
        if self.now >= threshold:
            return Reach(0.0, 0.0, 0.0)
        low, high = (1 - share) / 2, (1 + share) / 2
        middle = self._day(self._points, threshold, self._at)
        soonest = self._day(self._band, threshold, low)
        return Reach(middle, soonest, self._day(self._band, threshold, high))

    def _day(self, courses: Floats, threshold: float, share: float) -> float | None:
        over = courses >= threshold
        days = np.where(over.any(1), over.argmax(1) + self._offset, np.inf)
        found = float(np.sort(days)[min(len(days) - 1, int(share * len(days)))])
        return found if found <= self.horizon else None

    def band(self, share: float) -> tuple[Floats, Floats, Floats]:
        """Of each day ahead the middle, and between what it stays in such a share of cases."""
        low, high = np.quantile(self._band, [(1 - share) / 2, (1 + share) / 2], axis=0)
        return np.median(self._points, axis=0), low, high

    def times(self, factor: float) -> "Outlook":
        """The same with so many times the load."""
        return Outlook(
            self.now * factor,
            self.pace * factor,
            self.horizon,
            self.changed,
            self.known,
            self.kinds,
            self._points * factor,
            self._band * factor,
            self._offset,
            self._at,
        )


def outlook(moments: Sequence[datetime], values: Floats) -> Outlook | None:
    """None: too little history, or more holes than readings."""
    measured = grid(moments, values)
    daily = peaks(measured)
    known = len(daily.values)
    if known < LEAST or measured.missing > HOLES:
        return None
    horizon = min(HORIZON, FARTHER * known)
    rng = np.random.default_rng(SEED)
    if piling.piles_up(daily.values):
        return _of_bursts(daily.values, horizon, daily.offset, rng)
    level = daily.values[-LONGEST:]
    drawn = drawing.paths(level, horizon, DRAWS, rng)
    return Outlook(
        float(level[-1]),
        drawn.pace,
        horizon,
        _changed(drawn.fits),
        known,
        _shares(drawn.fits),
        drawn.courses,
        drawn.courses,
        daily.offset,
        LIKELY,
    )


def _of_bursts(level: Floats, horizon: int, offset: float, rng: np.random.Generator) -> Outlook:
    courses = piling.paths(level, horizon, DRAWS, rng)
    far = min(30, horizon)
    pace = float(np.median(courses[:, far - 1]) - level[-1]) / far
    wide = piling.at_other_paces(courses, float(level[-1]), rng)
    now = float(level[-1])
    return Outlook(
        now, pace, horizon, None, len(level), {"bursts": 1.0}, courses, wide, offset, EARLY
    )


def _shares(fits: list[drawing.Fit]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for fit in fits:
        shares[fit.kind.name] = shares.get(fit.kind.name, 0.0) + fit.likely
    return shares


def _changed(fits: list[drawing.Fit]) -> int | None:
    late = [fit for fit in fits if fit.kind.since is not None]
    if sum(fit.likely for fit in late) < CHANGED:
        return None
    return max(late, key=lambda fit: fit.likely).kind.since

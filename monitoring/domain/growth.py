"""How fast something fills up, so that one can say when it will be full; "not at all" is an answer.

What grows by day and falls by night does not fill up, nor does what is cleaned up in time. So a growth
counts only when it is there

* at the same time of day, from one day to the next, over most of the past that is known;
* or, where less than two days are known or the last clean-up was more recent, in most pairs of readings;
* or as a sudden rise of the last hours to where it never was before, which may leave no time to wait.

Slopes are medians over pairs (Theil-Sen), which single peaks do not move; a pair rises or not (Kendall)
decides whether there is a growth at all. The numbers behind this are in the tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

HOUR, DAY = 3_600.0, 86_400.0
LEAST: Final = 8  # readings, to say anything
BINS: Final = 96
SUDDEN: Final = 2 * HOUR
RISING: Final = 0.75  # of the pairs
SURELY: Final = 0.9
CLEANED: Final = 0.25  # of the whole range, at once
BEYOND: Final = 0.05  # of it, above all that was before
NOTHING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Growth:
    level: float
    slope: float  # a second; 0: none that one can be sure of

    def until(self, ceiling: float) -> float:
        """Seconds, or infinity."""
        if self.level >= ceiling:
            return 0.0
        return (ceiling - self.level) / self.slope if self.slope > 0 else float("inf")


def growth(at: Floats, values: Floats) -> Growth | None:
    """Of readings in their order; None when they are too few."""
    if len(at) < LEAST:
        return None
    found = [_sudden(at, values), _steady(*_binned(at, values))]
    return Growth(float(np.median(values[-3:])), max(0.0, *found))


def _sudden(at: Floats, values: Floats) -> float:
    now = at > at[-1] - SUDDEN
    before = values[~now]
    if now.sum() < LEAST or not _is_beyond(float(values[-1]), before):
        return 0.0
    return _slope(at[now], values[now], SURELY)


def _steady(at: Floats, values: Floats) -> float:
    cleanings = _cleanings(values)
    start = cleanings[-1] if cleanings else 0
    since, what = at[start:], values[start:]
    if len(cleanings) > 1:
        # Cleaned up time and again: only when the peaks themselves climb is there a growth, unless it
        # is above the next of them already.
        peaks = [place - 1 for place in cleanings]
        climb = max(0.0, float(np.median(np.diff(values[peaks]))))
        if not _is_beyond(float(what[-1]) - 2 * climb, values[:start]):
            known = len(peaks) >= LEAST // 2
            return _slope(at[peaks], values[peaks], SURELY) if known else 0.0
    if since[-1] - since[0] >= 2 * DAY - 2 * HOUR:
        return _daily(since, what)
    return _slope(since, what, RISING) if len(since) >= LEAST else 0.0


def _daily(at: Floats, values: Floats) -> float:
    """Each reading against that of a day before: the course of the day is no growth."""
    later = np.flatnonzero(at >= at[0] + DAY)
    earlier = np.clip(np.searchsorted(at, at[later] - DAY), 0, len(at) - 1)
    near = np.abs(at[later] - DAY - at[earlier]) <= (at[-1] - at[0]) / BINS * 2
    later, earlier = later[near], earlier[near]
    more = values[later] - values[earlier]
    if len(more) < LEAST or (more > NOTHING).mean() < RISING:
        return 0.0
    recent = at[later] > at[-1] - DAY
    return float(np.median(more[recent] if recent.any() else more)) / DAY


def _slope(at: Floats, values: Floats, share: float) -> float:
    """The median over all pairs, if so many of them rise."""
    first, second = np.triu_indices(len(at), 1)
    more = values[second] - values[first]
    if not len(more) or (more > NOTHING).mean() < share:
        return 0.0
    return float(np.median(more / (at[second] - at[first])))


def _cleanings(values: Floats) -> Sequence[int]:
    """Where it fell so far at once that somebody must have made room."""
    extent = float(values.max() - values.min())
    steps = np.diff(values)
    usual = float(np.median(np.abs(steps)))
    return (np.flatnonzero(steps < -max(CLEANED * extent, 6 * usual)) + 1).tolist()


def _is_beyond(value: float, before: Floats) -> bool:
    if not len(before):
        return True
    return value > float(before.max()) + BEYOND * float(before.max() - before.min())


def _binned(at: Floats, values: Floats) -> tuple[Floats, Floats]:
    """The highest of each bin: what a mean does not reach may be full all the same."""
    width = max((at[-1] - at[0]) / BINS, NOTHING)
    _, starts = np.unique(np.minimum((at - at[0]) // width, BINS - 1), return_index=True)
    return at[starts], np.maximum.reduceat(values, starts)

"""A metric's samples as columns, and what a window of them says at each of many moments at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

NOTHING: Final = np.empty(0)
MEDIAN: Final = 50.0
ROOM: Final = 1_000_000
START: Final = [0]


class Samples(Protocol):
    """Of one metric, or of many end to end: what measures by windows need not know of how many."""

    @property
    def at(self) -> Floats: ...

    @property
    def values(self) -> Floats: ...

    def windows(self, moments: Floats, length: float) -> tuple[Places, Places]:
        """The samples of each moment's window, which holds its end and not its beginning."""


@dataclass(frozen=True)
class Track:
    at: Floats = field(default_factory=lambda: NOTHING)  # seconds since 1970, ascending
    values: Floats = field(default_factory=lambda: NOTHING)

    @classmethod
    def of(cls, samples: Iterable[Sequence[float]]) -> Self:
        """In any order; what is no number is left out, and of one moment's the first one stands."""
        table = np.array([tuple(one) for one in samples], dtype=float).reshape(-1, 2)
        table = table[np.isfinite(table).all(axis=1)]
        at, first = np.unique(table[:, 0], return_index=True)
        return cls(at, table[first, 1])

    def windows(self, moments: Floats, length: float) -> tuple[Places, Places]:
        find = self.at.searchsorted  # without numpy's wrapper, which costs as much as the search
        return find(moments - length, "right"), find(moments, "right")


@dataclass(frozen=True)
class Heard:
    """All that is known of what a rule judges; every kind takes its part."""

    track: Samples
    against: Sequence[Track] = ()
    born: float | Floats = -np.inf  # before that nobody knew of the metric
    also: Sequence[Track] = ()  # what is added to it, where a rule judges sums


def over_windows(ufunc: np.ufunc, values: Floats, first: Places, last: Places) -> Floats:
    """Each window on its own, so that it says the same among others as alone; NaN of none."""
    if len(first) == 1 and last[0] > first[0]:  # as the tick asks, ten thousand times
        return ufunc.reduceat(values[first[0] : last[0]], START)
    answer = np.full(len(first), np.nan)
    full = last > first
    if full.any():
        # One value more, for windows that reach to the end.
        padded, edges = np.append(values, 0.0), np.column_stack([first[full], last[full]])
        answer[full] = ufunc.reduceat(padded, edges.ravel())[::2]
    return answer


def aggregated(
    track: Samples, moments: Floats, *, length: float, how: str, percentile: float = MEDIAN
) -> Floats:
    """NaN where the window holds no sample."""
    first, last = track.windows(moments, length)
    if how in ("min", "max"):
        return over_windows(np.minimum if how == "min" else np.maximum, track.values, first, last)
    if how in ("sum", "mean"):
        total = over_windows(np.add, track.values, first, last)
        return total if how == "sum" else total / np.maximum(last - first, 1)
    if how == "percentile":
        return _percentiles(track.values, first, last, percentile)
    return picked(track.values, last - 1, last > first)


def picked(values: Floats, places: Places, known: npt.NDArray[np.bool_]) -> Floats:
    """NaN where it is not known."""
    answer = np.full(len(places), np.nan)
    answer[known] = values[places[known]]
    return answer


def _percentiles(values: Floats, first: Places, last: Places, percentile: float) -> Floats:
    """By nearest rank: a value that was measured, not one between two."""
    windows, which = np.unique(np.column_stack([first, last]), axis=0, return_inverse=True)
    found, counts = np.full(len(windows), np.nan), windows[:, 1] - windows[:, 0]
    for count in np.unique(counts[counts > 0]).tolist():
        rank = max(0, int(np.ceil(percentile / 100 * count)) - 1)
        (alike,) = np.nonzero(counts == count)
        # As many at once as memory has room for, however long the windows are.
        for some in np.array_split(alike, max(1, len(alike) * count // ROOM)):
            places = windows[some, :1] + np.arange(count)
            found[some] = np.partition(values[places], rank, axis=1)[:, rank]
    return found[which.reshape(-1)]


def increased(track: Samples, moments: Floats, length: float, *, counter: bool) -> Floats:
    """How much more from a window's first sample to its last; NaN with fewer than two.

    A counter that falls began again at zero: what it shows then is what was added since.
    """
    first, last = track.windows(moments, length)
    known = last - first > 1
    if not counter:
        ends = picked(track.values, last - 1, known)
        return ends - picked(track.values, first, known)
    steps = np.diff(track.values, prepend=0.0)
    steps = np.where(steps < 0, track.values, steps)
    return over_windows(np.add, steps, np.where(known, first + 1, 0), np.where(known, last, 0))


def lengths(track: Samples, moments: Floats, length: float) -> Floats:
    """From a window's first sample to its last."""
    first, last = track.windows(moments, length)
    known = last - first > 1
    return picked(track.at, last - 1, known) - picked(track.at, first, known)

"""Readings on a regular grid, and the highest of each day: what runs out does so at its peaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

HOURS: Final = 24
HOUR, DAY = 3_600.0, 86_400.0
LONGEST: Final = 1_600  # days that anything is made of
HOLES: Final = 0.5  # of more than that nothing is said
ABSURD: Final = 1e100  # no meter reads so much, and its square would be no number
CALM: Final = 6  # hours whose median counts: one odd hour fills no disk


@dataclass(frozen=True)
class Grid:
    """As many values a day as `per_day`, 24 or 1; what was missing is drawn in between."""

    values: Floats
    per_day: int
    missing: float  # share
    read: npt.NDArray[np.bool_]  # which were not drawn in between


def grid(moments: Sequence[datetime], values: Floats, *, longest: int = LONGEST * HOURS) -> Grid:
    """Up to the last reading, in whatever order they come."""
    said = np.asarray(values, dtype=np.float64)
    read = np.abs(said) < ABSURD
    said, seconds = said[read], np.array([moment.timestamp() for moment in moments])[read]
    if len(seconds) < 2:
        return Grid(said, HOURS, 0.0, np.ones(len(said), dtype=bool))
    per_day, step = (HOURS, HOUR) if np.median(np.diff(np.sort(seconds))) < DAY / 2 else (1, DAY)
    ago = np.round((seconds.max() - seconds) / step)
    recent = ago < longest
    places, sources = np.unique(-ago[recent], return_inverse=True)
    means = np.bincount(sources, said[recent]) / np.bincount(sources)
    every = np.arange(places[0], 1)
    read = np.isin(every, places)
    return Grid(np.interp(every, places, means), per_day, 1 - float(read.mean()), read)


@dataclass(frozen=True)
class Peaks:
    """One a day, the last day ending with the last reading."""

    values: Floats
    offset: float  # share of a day after which the peak usually comes


def peaks(found: Grid) -> Peaks:
    if found.per_day == 1:
        return Peaks(found.values, 1.0)
    calm = _calm(found.values)
    days = len(calm) // HOURS
    by_day = calm[len(calm) - days * HOURS :].reshape(days, HOURS)
    hours = by_day.argmax(1)[-14:] + 1
    return Peaks(by_day.max(1), float(np.median(hours)) / HOURS if days else 1.0)


def _calm(values: Floats) -> Floats:
    if len(values) < CALM:
        return values
    median = np.median(np.lib.stride_tricks.sliding_window_view(values, CALM), 1)
    return np.concatenate([np.full(CALM - 1, median[0]), median])

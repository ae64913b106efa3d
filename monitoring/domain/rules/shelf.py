"""The samples of many metrics end to end, so that a rule can ask all of them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from monitoring.domain.rules.tracks import NOTHING, Floats, Places, Track

NOWHERE: Final = np.empty(0, dtype=np.intp)
EMPTY: Final = Track()


@dataclass(frozen=True)
class Shelf:
    at: Floats = field(default_factory=lambda: NOTHING)
    values: Floats = field(default_factory=lambda: NOTHING)
    names: Places = field(default_factory=lambda: NOWHERE)  # of the metrics, ascending
    edges: Places = field(default_factory=lambda: np.zeros(1, dtype=np.intp))  # one more than names

    @classmethod
    def of(cls, rows: Iterable[Sequence[float]]) -> "Shelf":
        """From rows of metric, moment and value in this order; of one moment's the first one stands."""
        table = np.array([tuple(row) for row in rows], dtype=float).reshape(-1, 3)
        again = (np.diff(table[:, 0], prepend=np.nan) == 0) & (
            np.diff(table[:, 1], prepend=np.nan) == 0
        )
        columns = np.ascontiguousarray(table[~again].T)
        names, starts = np.unique(columns[0], return_index=True)
        edges = np.append(starts, columns.shape[1])
        return cls(columns[1], columns[2], names.astype(np.intp), edges)

    def track(self, name: int) -> Track:
        place = int(self.names.searchsorted(name))
        if place == len(self.names) or self.names[place] != name:
            return EMPTY
        start, end = self.edges[place], self.edges[place + 1]
        return Track(self.at[start:end], self.values[start:end])

    def tracks(self, names: Sequence[int]) -> "Tracks":
        wanted = np.array(names, dtype=np.intp)
        places = self.names.searchsorted(wanted)
        known = places < len(self.names)
        known[known] = self.names[places[known]] == wanted[known]
        return Tracks(self, np.where(known, places, len(self.names)))

    def before(self, place: Places, moments: Floats) -> Places:
        """Of each metric and each moment: where its samples until then end."""
        ranks = self._moments.searchsorted(moments, "right")
        return self._order.searchsorted((place[:, None] * self._width + ranks).ravel())

    @cached_property
    def _moments(self) -> Floats:
        return np.unique(self.at)

    @cached_property
    def _order(self) -> Places:
        """Metric and moment as one number: a moment itself has too many digits for that."""
        metric = np.repeat(np.arange(len(self.names)), np.diff(self.edges))
        return metric * self._width + self._moments.searchsorted(self.at)

    @property
    def _width(self) -> int:
        return len(self._moments) + 1


@dataclass(frozen=True)
class Tracks:
    """Those of many metrics, asked like one: all moments of the first metric, then of the second …"""

    shelf: Shelf
    places: Places  # of each metric; past the last one where nothing was heard of it

    def __len__(self) -> int:
        return len(self.places)

    @property
    def at(self) -> Floats:
        return self.shelf.at

    @property
    def values(self) -> Floats:
        return self.shelf.values

    def windows(self, moments: Floats, length: float) -> tuple[Places, Places]:
        before = self.shelf.before
        return before(self.places, moments - length), before(self.places, moments)

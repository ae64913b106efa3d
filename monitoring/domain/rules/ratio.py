from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from monitoring.domain.rules.bars import BadRule, Bar, number, positive
from monitoring.domain.rules.kinds import EveryStep, Need, Source
from monitoring.domain.rules.tracks import Floats, Heard, Samples, aggregated, increased

PERCENT: Final = 100.0


@dataclass(frozen=True)
class Ratio(EveryStep):
    """How many percent of another metric it is, such as failures of requests."""

    at_once = False

    bar: Bar
    window: float = 300.0
    counter: bool = True  # both count up; else their means are taken
    least: float = 0.0  # of the other one: of two requests one may fail

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        if not params.get("against"):
            raise BadRule("against", "no metric")
        least = number(params, "least", 0.0)
        if least < 0:
            raise BadRule("least", "less than zero")
        window = positive(params, "window", 300.0)
        return cls(Bar.read(params), window, params.get("counter", True) is True, least)

    @property
    def needs(self) -> Sequence[Need]:
        return [Need(Source.SAMPLES, self.window)]

    def measure(self, heard: Heard, moments: Floats) -> Floats:
        """Of nothing there is no share: nobody asked, so nothing failed and nothing went well."""
        whole = self._sum(heard.against, moments)
        enough = np.where((whole > 0) & (whole >= self.least), whole, np.nan)
        return self._sum([heard.track, *heard.also], moments) / enough * PERCENT

    def _sum(self, tracks: Iterable[Samples], moments: Floats) -> Floats:
        """What of them is known; NaN where none is."""
        total = np.full(len(moments), np.nan)
        for track in tracks:
            total = np.nansum([total, (amount := self._amount(track, moments))], axis=0) + np.where(
                np.isnan(total) & np.isnan(amount), np.nan, 0.0
            )
        return total

    def _amount(self, track: Samples, moments: Floats) -> Floats:
        if self.counter:
            return increased(track, moments, self.window, counter=True)
        return aggregated(track, moments, length=self.window, how="mean")


class Partners:
    """Which of many metrics belong to one: those that agree in the labels both have, or in chosen ones."""

    def __init__(self, all_labels: Iterable[Mapping[str, str]], by: Sequence[str] = ()) -> None:
        self.by = tuple(by)
        self._theirs = list(all_labels)
        self._kinds = dict[tuple[str, ...], list[int]]()
        for place, labels in enumerate(self._theirs):
            self._kinds.setdefault(tuple(sorted(labels)), []).append(place)
        self._found = dict[
            tuple[tuple[str, ...], tuple[str, ...]], dict[tuple[str, ...], list[int]]
        ]()

    def of(self, labels: Mapping[str, str]) -> list[int]:
        """Their places. Not all pairs are compared: those of a kind are looked up by their values."""
        found = list[int]()
        for kind in self._kinds:
            shared = self.by or tuple(name for name in kind if name in labels)
            values = tuple(labels.get(name, "") for name in shared)
            found += self._index(kind, shared).get(values, [])
        return found

    def _index(
        self, kind: tuple[str, ...], shared: tuple[str, ...]
    ) -> dict[tuple[str, ...], list[int]]:
        if (kind, shared) not in self._found:
            index = dict[tuple[str, ...], list[int]]()
            for place in self._kinds[kind]:
                theirs = self._theirs[place]
                index.setdefault(tuple(theirs.get(name, "") for name in shared), []).append(place)
            self._found[kind, shared] = index
        return self._found[kind, shared]

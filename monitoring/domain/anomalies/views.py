"""Five ways to be strange, each measured against its own past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from monitoring.domain.anomalies.frames import Frame, Seen
from monitoring.domain.anomalies.judgement import Band, View
from monitoring.domain.anomalies.novelty import FARTHEST, Novelty
from monitoring.domain.anomalies.rarity import Rarity
from monitoring.domain.anomalies.spread import Spread
from monitoring.domain.anomalies.storage import Page, Pen

NOVEL = (View.VALUE, View.DRIFT, View.HOUR, View.LASTING)
ORDER = (*NOVEL, View.DAY)
ALONE = 3.0  # a view must be three times as surprised to be heard alone


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes and surprises in `ORDER`."""

    seen: Seen
    sizes: list[float]
    surprises: list[float]

    @property
    def surprise(self) -> float:
        """The mean, or what the strongest is certain of alone. No weights, so nothing to tune."""
        surprises = self.surprises
        return max(sum(surprises) / len(surprises), max(surprises) / ALONE)

    @property
    def strongest(self) -> View:
        return ORDER[self.surprises.index(max(self.surprises))]


class Views:
    def __init__(self) -> None:
        self._novelties = [Novelty() for _ in NOVEL]
        self._day = Spread()
        self._rarities = [Rarity() for _ in ORDER]

    def look(self, seen: Seen) -> Look:
        sizes = [
            novelty.size(value)
            for novelty, value in zip(self._novelties, _values(seen), strict=True)
        ]
        sizes.append(_deviations(seen.day.value, self._day))
        surprises = [
            rarity.surprise(size) for rarity, size in zip(self._rarities, sizes, strict=True)
        ]
        return Look(seen, sizes, surprises)

    def learn(self, look: Look) -> None:
        for novelty, value in zip(self._novelties, _values(look.seen), strict=True):
            novelty.learn(value)
        self._day.learn(look.seen.day.value)

    def count(self, look: Look) -> None:
        for rarity, size in zip(self._rarities, look.sizes, strict=True):
            rarity.learn(size)

    def explain(self, look: Look) -> tuple[float, Band | None]:
        """What the strongest view observed, and where that would have been ordinary."""
        view, seen = look.strongest, look.seen
        frame: Frame = getattr(seen, view.value)
        if view is View.DAY:
            ordinary = self._rarities[ORDER.index(view)].edge() * self._day.deviation
            return frame.observed, _around(frame.centre, ordinary)
        stretch = self._novelties[NOVEL.index(view)].stretch(frame.value)
        if stretch is None:
            return frame.observed, None
        return frame.observed, Band(frame.centre + stretch.low, frame.centre + stretch.high)

    def write(self, pen: Pen) -> None:
        for novelty in self._novelties:
            novelty.write(pen)
        self._day.write(pen)
        for rarity in self._rarities:
            rarity.write(pen)

    @classmethod
    def read(cls, page: Page) -> Self:
        views = cls()
        views._novelties = [Novelty.read(page) for _ in NOVEL]
        views._day = Spread.read(page)
        views._rarities = [Rarity.read(page) for _ in ORDER]
        return views


def _values(seen: Seen) -> tuple[float, float, float, float]:
    return seen.value.value, seen.drift.value, seen.hour.value, seen.lasting.value


def _deviations(value: float, spread: Spread) -> float:
    if value == 0 or not spread.count:
        return 0.0
    return min(FARTHEST, abs(value) / spread.deviation) if spread.deviation > 0 else FARTHEST


def _around(centre: float, distance: float) -> Band:
    return Band(centre - distance, centre + distance)

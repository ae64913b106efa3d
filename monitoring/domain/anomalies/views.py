"""Five ways to be strange, each measured against its own past."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Self

from monitoring.domain.anomalies.frames import Frame, Seen
from monitoring.domain.anomalies.judgement import Band, View
from monitoring.domain.anomalies.novelty import Novelty
from monitoring.domain.anomalies.rarity import Rarity
from monitoring.domain.anomalies.spread import Spread, deviations
from monitoring.domain.anomalies.storage import Page, Pen

NOVEL = (View.VALUE, View.DRIFT, View.HOUR, View.LASTING)
ORDER = (*NOVEL, View.DAY)
INVISIBLE = 0.02  # of the whole past
USUALLY = 3.0  # deviations: nearly all readings, as a chart shows them; nothing is judged by it
ALONE = 3.0  # a view must be three times as surprised to be heard alone


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes and surprises in `ORDER`, and the largest distance as a share of all that was seen."""

    seen: Seen
    sizes: list[float]
    surprises: list[float]
    share: float

    @property
    def strangeness(self) -> float:
        """The views' mean, or what the strongest is certain of alone; and how large it is.

        However rare, what could hardly be seen on a chart of the whole past calls nobody, unless it
        is many usual deviations. What is large in both ways is larger than in one: hence their
        geometric mean.
        """
        surprises = self.surprises
        together = max(sum(surprises) / len(surprises), max(surprises) / ALONE)
        seen = min(max(self.share, INVISIBLE), 1.0)
        return together + log(seen * max(*self.sizes, 1.0)) / 2

    @property
    def strongest(self) -> View:
        return ORDER[self.surprises.index(max(self.surprises))]


class Views:
    def __init__(self) -> None:
        self._novelties = [Novelty() for _ in NOVEL]
        self._day = Spread()
        self._rarities = [Rarity() for _ in ORDER]

    def look(self, seen: Seen) -> Look:
        distances = [
            novelty.distance(value)
            for novelty, value in zip(self._novelties, _values(seen), strict=True)
        ]
        sizes = [
            novelty.size(distance)
            for novelty, distance in zip(self._novelties, distances, strict=True)
        ]
        distances.append(abs(seen.day.value))
        sizes.append(deviations(distances[-1], self._day))
        surprises = [
            rarity.surprise(size) for rarity, size in zip(self._rarities, sizes, strict=True)
        ]
        return Look(seen, sizes, surprises, self._share(max(distances)))

    def _share(self, distance: float) -> float:
        seen = self._novelties[0].ends
        width = seen.high - seen.low
        return distance / width if width > 0 else 1.0

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
            ordinary = self._rarities[ORDER.index(view)].ordinary() * self._day.deviation
            return frame.observed, _around(frame.centre, ordinary)
        stretch = self._novelties[NOVEL.index(view)].stretch(frame.value)
        if stretch is None:
            return frame.observed, None
        return frame.observed, Band(frame.centre + stretch.low, frame.centre + stretch.high)

    def around(self, level: float) -> Band:
        """Where readings usually lie around that of their hour: what was never seen is not usual."""
        spread = self._novelties[NOVEL.index(View.HOUR)].spread
        seen, reach = self._novelties[0].ends, USUALLY * spread.deviation
        return Band(max(level - reach, seen.low), min(level + reach, seen.high))

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


def _around(centre: float, distance: float) -> Band:
    return Band(centre - distance, centre + distance)

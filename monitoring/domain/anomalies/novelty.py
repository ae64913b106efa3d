"""How far a value lies from everything seen before."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from math import inf, isfinite
from typing import Self

from monitoring.domain.anomalies.judgement import Band
from monitoring.domain.anomalies.spread import Spread, deviations
from monitoring.domain.anomalies.storage import Page, Pen

GENERATION = 20_000  # readings; what was seen is remembered for one to two of them
MOST = 512  # values kept of a generation
FINE = 0.02  # of the usual deviation: closer values are one


class Novelty:
    """Distance to the nearest earlier value, in usual deviations.

    Earlier values are kept as two sorted lists, of this generation and of the one before. A list
    that is full loses every second value but its ends: where values are dense it stays dense.
    """

    def __init__(self) -> None:
        self.spread = Spread()
        self._young, self._old = array("d"), array("d")
        self._age = 0

    def distance(self, value: float) -> float:
        """From the nearest earlier value; none from nothing."""
        distance = min(_nearest(self._young, value), _nearest(self._old, value))
        return distance if isfinite(distance) else 0.0

    def size(self, distance: float) -> float:
        return deviations(distance, self.spread)

    @property
    def ends(self) -> Band:
        """Of all that was seen."""
        ends = [*self._young[:1], *self._young[-1:], *self._old[:1], *self._old[-1:]]
        return Band(min(ends), max(ends)) if ends else Band(0.0, 0.0)

    def learn(self, value: float) -> None:
        if _nearest(self._young, value) > FINE * self.spread.deviation:
            insort(self._young, value)
        if len(self._young) > MOST:
            self._young[1:-1] = self._young[2:-1:2]
        self._age += 1
        if self._age == GENERATION:
            self._old, self._young, self._age = self._young, array("d"), 0
        self.spread.learn(value)

    def stretch(self, value: float) -> Band | None:
        """The side of the seen values that is nearest: a new value lies outside it."""
        seen = sorted({*self._young, *self._old})
        if not seen:
            return None
        at = bisect_left(seen, value)
        if at in {0, len(seen)}:
            return Band(seen[0], seen[-1])
        below, above = seen[at - 1], seen[at]
        return Band(seen[0], below) if value - below <= above - value else Band(above, seen[-1])

    def write(self, pen: Pen) -> None:
        self.spread.write(pen)
        pen.numbers(self._young)
        pen.numbers(self._old)
        pen.numbers((self._age,))

    @classmethod
    def read(cls, page: Page) -> Self:
        novelty = cls()
        novelty.spread = Spread.read(page)
        novelty._young = array("d", page.numbers())
        novelty._old = array("d", page.numbers())
        (age,) = page.numbers()
        novelty._age = int(age)
        return novelty


def _nearest(seen: array[float], value: float) -> float:
    at = bisect_left(seen, value)
    above = seen[at] - value if at < len(seen) else inf
    below = value - seen[at - 1] if at else inf
    return min(above, below)

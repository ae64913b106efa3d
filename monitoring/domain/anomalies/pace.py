"""How often a metric is read, learned from how often it was."""

from __future__ import annotations

from bisect import insort
from collections import deque
from typing import Final, Self

from monitoring.domain.anomalies.storage import Page, Pen

GAPS: Final = 50
ENOUGH: Final = 8  # gaps, before anything is called missing
RARE: Final = 0.9  # one gap in ten may be longer, and yet the metric be read as usual
PATIENCE: Final = 30.0  # seconds
ASLEEP: Final = 7 * 86_400.0  # silent for so long, it is no longer waited for


class Pace:
    """Instants are seconds. What is expected is the longest of nine gaps in ten."""

    def __init__(self) -> None:
        self.first = self.last = 0.0  # instants of readings
        self.count = 0
        self._slot = 0.0  # the last one that stayed empty
        self._gaps: deque[float] = deque(maxlen=GAPS)
        self._expected: float | None = None  # asked at each tick, and the same until a reading

    def learn(self, instant: float) -> None:
        if self.count:
            self._gaps.append(instant - self.last)
        else:
            self.first = instant
        self.last, self._slot = instant, 0.0
        self.count += 1
        self._expected = None

    @property
    def expected(self) -> float:
        """Seconds between two readings; 0 while that is not known."""
        if self._expected is None:
            self._expected = self._usual()
        return self._expected

    def _usual(self) -> float:
        if len(self._gaps) < ENOUGH:
            return 0.0
        ordered: list[float] = []
        for gap in self._gaps:
            insort(ordered, gap)
        return ordered[int(RARE * (len(ordered) - 1))]

    def missing(self, now: float, *, awake: float) -> float | None:
        """The instant of the next reading that should be there and is not.

        `awake`: since when somebody looks. Before it, nobody can say what was missing.
        """
        expected = self.expected
        if not expected or now - self.last > ASLEEP:
            return None
        slot = max(self.last, self._slot, awake) + expected
        return slot if slot + expected / 2 + PATIENCE <= now else None

    def miss(self, slot: float) -> None:
        self._slot = slot

    def write(self, pen: Pen) -> None:
        pen.numbers((self.first, self.last, self.count, self._slot))
        pen.numbers(self._gaps)

    @classmethod
    def read(cls, page: Page) -> Self:
        pace = cls()
        pace.first, pace.last, count, pace._slot = page.numbers()
        pace.count = int(count)
        pace._gaps.extend(page.numbers())
        return pace

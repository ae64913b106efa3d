"""How far values usually lie from their mean, the recent ones counting most."""

from __future__ import annotations

from typing import Self

from monitoring.domain.anomalies.storage import Page, Pen

MEMORY = 500
FARTHEST = 100.0


class Spread:
    """Mean and mean absolute deviation. Not squared: one outlier shall not blind it for days."""

    def __init__(self, memory: int = MEMORY) -> None:
        self.memory, self.count = memory, 0
        self.mean = self.deviation = 0.0

    def learn(self, value: float) -> None:
        self.count = min(self.count + 1, self.memory)
        self.mean += (value - self.mean) / self.count
        self.deviation += (abs(value - self.mean) - self.deviation) / self.count

    def write(self, pen: Pen) -> None:
        pen.numbers((self.memory, self.count, self.mean, self.deviation))

    @classmethod
    def read(cls, page: Page) -> Self:
        memory, count, mean, deviation = page.numbers()
        spread = cls(int(memory))
        spread.count, spread.mean, spread.deviation = int(count), mean, deviation
        return spread


def deviations(distance: float, spread: Spread) -> float:
    """A distance in usual deviations."""
    if distance == 0 or not spread.count:
        return 0.0
    return min(FARTHEST, distance / spread.deviation) if spread.deviation > 0 else FARTHEST

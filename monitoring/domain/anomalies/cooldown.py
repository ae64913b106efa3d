"""An anomaly is said once, and again only when it becomes worse."""

from __future__ import annotations

from collections import deque
from typing import Self

from monitoring.domain.anomalies.storage import Page, Pen

READINGS = 100


class Cooldown:
    """Lets a surprise through that none of the last readings reached."""

    def __init__(self) -> None:
        self._now = 0
        self._highs: deque[tuple[int, float]] = deque()  # falling: each the highest since itself

    def passes(self, surprise: float) -> bool:
        highs = self._highs
        self._now += 1
        if highs and highs[0][0] < self._now - READINGS:
            highs.popleft()
        news = not highs or surprise > highs[0][1]
        while highs and highs[-1][1] <= surprise:
            highs.pop()
        highs.append((self._now, surprise))
        return news

    def write(self, pen: Pen) -> None:
        pen.numbers((self._now,))
        pen.numbers(number for high in self._highs for number in high)

    @classmethod
    def read(cls, page: Page) -> Self:
        cooldown = cls()
        (now,) = page.numbers()
        cooldown._now, highs = int(now), page.numbers()
        cooldown._highs.extend(
            (int(at), high) for at, high in zip(highs[::2], highs[1::2], strict=True)
        )
        return cooldown

"""What this time of the day, or of the week, is usually like."""

from __future__ import annotations

from array import array
from datetime import datetime
from math import isnan, nan
from typing import Self

from monitoring.domain.anomalies.storage import Page, Pen

DAY = 86_400
FOLLOWS = 0.2  # how much of a slot's level is the newest passage


class Season:
    """A level for each slot of the period, moved once per passage, and read off between two."""

    def __init__(self, slots: int, *, days: int) -> None:
        self._levels = array("d", [nan]) * slots
        self._days, self._width = days, days * DAY / slots
        self._slot, self._sum, self._count = -1, 0.0, 0

    def level(self, moment: datetime, otherwise: float) -> float:
        slot, beyond = self._place(moment)
        here = self._levels[slot]
        if isnan(here):
            return otherwise
        beside = self._levels[(slot + (1 if beyond > 0 else -1)) % len(self._levels)]
        return here if isnan(beside) else here + abs(beyond) * (beside - here)

    def known(self, moment: datetime) -> float | None:
        """None of a time that has not passed yet."""
        level = self.level(moment, nan)
        return None if isnan(level) else level

    def learn(self, moment: datetime, value: float) -> None:
        slot, _ = self._place(moment)
        if slot != self._slot:
            self._settle()
            self._slot, self._sum, self._count = slot, 0.0, 0
        self._sum += value
        self._count += 1

    def _place(self, moment: datetime) -> tuple[int, float]:
        """The slot, and how far the moment is from its middle, in slots."""
        second = moment.hour * 3600 + moment.minute * 60 + moment.second
        if self._days > 1:
            second += moment.weekday() * DAY
        exact = second / self._width
        return int(exact), exact - int(exact) - 0.5

    def _settle(self) -> None:
        if not self._count:
            return
        passed, level = self._sum / self._count, self._levels[self._slot]
        self._levels[self._slot] = passed if isnan(level) else level + FOLLOWS * (passed - level)

    def write(self, pen: Pen) -> None:
        pen.numbers(self._levels)
        pen.numbers((self._days, self._slot, self._sum, self._count))

    @classmethod
    def read(cls, page: Page) -> Self:
        levels = array("d", page.numbers())
        days, slot, total, count = page.numbers()
        season = cls(len(levels), days=int(days))
        season._levels = levels
        season._slot, season._sum, season._count = int(slot), total, int(count)
        return season

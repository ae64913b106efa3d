"""An anomaly is said once, and again only when it becomes clearly worse."""

from __future__ import annotations

from math import log
from typing import Self

from monitoring.domain.anomalies.storage import Page, Pen

READINGS = 100
FAINT = 0.25  # below it nothing is said at all
WORSE = log(2)  # half as likely as what was said


class Cooldown:
    """What was said stands for as long as it lasts, and a hundred readings more."""

    def __init__(self) -> None:
        self._said, self._quiet = 0.0, 0

    def passes(self, surprise: float) -> bool:
        self._quiet += 1
        if self._quiet > READINGS:
            self._said = 0.0
        news = surprise > self._said + WORSE if self._said else surprise >= FAINT
        if news:
            self._said = surprise
        if surprise >= self._said:
            self._quiet = 0
        return news

    def write(self, pen: Pen) -> None:
        pen.numbers((self._said, self._quiet))

    @classmethod
    def read(cls, page: Page) -> Self:
        cooldown = cls()
        cooldown._said, quiet = page.numbers()
        cooldown._quiet = int(quiet)
        return cooldown

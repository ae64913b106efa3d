"""One reading seen from several places: itself, beside the slow mean, beside the hour, beside the day."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from monitoring.domain.anomalies.season import Season
from monitoring.domain.anomalies.spread import Spread
from monitoring.domain.anomalies.storage import Page, Pen

SLOW = 288  # readings
LASTING = 36  # readings
HOURS, HALF_HOURS = 168, 48
ROUNDING = 1e-12  # of a reading: what its means differ by though nothing changed


@dataclass(frozen=True, slots=True)
class Frame:
    """What a view looks at: `observed` in the metric's unit, `value` as it lies from `centre`."""

    observed: float
    centre: float

    @property
    def value(self) -> float:
        value = self.observed - self.centre
        return value if abs(value) > ROUNDING * abs(self.observed) else 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    value: Frame
    drift: Frame
    hour: Frame
    lasting: Frame
    day: Frame


class Frames:
    def __init__(self) -> None:
        self._slow, self._mean = Spread(SLOW), Spread(1000)
        self._hour, self._day = Season(HOURS, days=7), Season(HALF_HOURS, days=1)
        self._last: deque[float] = deque(maxlen=LASTING)
        self._from_day: deque[float] = deque(maxlen=LASTING)

    def look(self, moment: datetime, value: float) -> Seen:
        mean = self._mean.mean if self._mean.count else value
        of_day = self._day.level(moment, mean)
        self._last.append(value)
        self._from_day.append(value - of_day)
        return Seen(
            value=Frame(value, 0.0),
            drift=Frame(value, self._slow.mean if self._slow.count else value),
            hour=Frame(value, self._hour.level(moment, mean)),
            lasting=Frame(sum(self._last) / len(self._last), 0.0),
            day=Frame(of_day + sum(self._from_day) / len(self._from_day), of_day),
        )

    def usual(self, moment: datetime) -> float | None:
        """What this hour of the week is like; None until a week has passed."""
        return self._hour.known(moment)

    def learn(self, moment: datetime, value: float) -> None:
        self._slow.learn(value)
        self._mean.learn(value)
        self._hour.learn(moment, value)
        self._day.learn(moment, value)

    def write(self, pen: Pen) -> None:
        for part in (self._slow, self._mean, self._hour, self._day):
            part.write(pen)
        pen.numbers(self._last)
        pen.numbers(self._from_day)

    @classmethod
    def read(cls, page: Page) -> Self:
        frames = cls()
        frames._slow, frames._mean = Spread.read(page), Spread.read(page)
        frames._hour, frames._day = Season.read(page), Season.read(page)
        frames._last.extend(page.numbers())
        frames._from_day.extend(page.numbers())
        return frames

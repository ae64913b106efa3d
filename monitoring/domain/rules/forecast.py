from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from monitoring.domain.growth import DAY, HOUR, growth
from monitoring.domain.rules.bars import Bar, number, positive
from monitoring.domain.rules.kinds import Need, Source
from monitoring.domain.rules.tracks import Floats, Heard

LATER: Final = 1.5  # well again when there is half as much time again
SHARE: Final = 4  # so much of the time ahead must be known behind


@dataclass(frozen=True)
class Forecast:
    """In how many hours it will be full, by how it grew."""

    bar: Bar
    full: float
    rising: bool = True  # or running out
    history: float = 3 * DAY
    step: float = 600.0
    at_once: bool = False

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        hours = positive(params, "limit") / HOUR
        bar = Bar(hours, above=False, clear=hours * LATER, touching=True)
        history = positive(params, "history", 3 * DAY)
        return cls(bar, number(params, "full"), params.get("rising", True) is not False, history)

    @property
    def needs(self) -> Sequence[Need]:
        return [Need(Source.HIGHS if self.rising else Source.LOWS, self.history)]

    def measure(self, heard: Heard, moments: Floats) -> Floats:
        return np.array([self._hours(heard, moment) for moment in moments.tolist()])

    def _hours(self, heard: Heard, moment: float) -> float:
        first, last = heard.track.windows(np.array([moment]), self.history)
        at, values = heard.track.at[first[0] : last[0]], heard.track.values[first[0] : last[0]]
        if not len(at) or at[-1] - at[0] < self.bar.limit * HOUR / SHARE or at[-1] < moment - HOUR:
            return float("nan")
        sign = 1.0 if self.rising else -1.0
        found = growth(at, sign * values)
        return found.until(sign * self.full) / HOUR if found else float("nan")

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, Self

import numpy as np

from monitoring.domain.rules.bars import BadRule, Bar, positive
from monitoring.domain.rules.kinds import EveryStep, Need, Source
from monitoring.domain.rules.tracks import Floats, Heard, aggregated

HOUR: Final = 3_600.0
DAYS: Final = {"yesterday": 1, "last-week": 7}
PERCENT: Final = 100.0


@dataclass(frozen=True)
class Change(EveryStep):
    """By how many percent the last minutes' mean is more than at the same time of an earlier day."""

    bar: Bar
    window: float = 900.0
    days: int = 1
    zone: tzinfo = UTC  # whose clock says what the same time is

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        if (than := params.get("than", "yesterday")) not in DAYS:
            raise BadRule("than", "no such day")
        return cls(Bar.read(params), positive(params, "window", 900.0), DAYS[than])

    @property
    def needs(self) -> Sequence[Need]:
        ago = self.days * 24 * HOUR
        # The clocks may have been changed in between.
        earlier = Need(Source.SAMPLES, ago + HOUR + self.window, ago - HOUR)
        return [Need(Source.SAMPLES, self.window), earlier]

    def measure(self, heard: Heard, moments: Floats) -> Floats:
        now = aggregated(heard.track, moments, length=self.window, how="mean")
        then = aggregated(heard.track, self._earlier(moments), length=self.window, how="mean")
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (now - then) / np.abs(then) * PERCENT
        # Of nothing, any growth is beyond all percents: only that nothing stayed nothing can be said.
        return np.where(then == 0, np.where(now == 0, 0.0, np.nan), share)

    def _earlier(self, moments: Floats) -> Floats:
        """The same time on the clock; within an hour the clocks are changed at its end only."""
        hours, which = np.unique(np.floor(moments / HOUR), return_inverse=True)
        ago = np.array([self._ago(hour * HOUR) for hour in hours.tolist()])
        return moments - ago[which] if len(ago) else moments

    def _ago(self, moment: float) -> float:
        local = datetime.fromtimestamp(moment, UTC).astimezone(self.zone).replace(tzinfo=None)
        then = (local - timedelta(days=self.days)).replace(tzinfo=self.zone)
        return moment - then.timestamp()

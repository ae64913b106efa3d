from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from monitoring.domain.rules.bars import BadRule, Bar, number
from monitoring.domain.rules.kinds import EveryStep, Need, Source
from monitoring.domain.rules.tracks import Floats, Heard, over_windows, picked

HIGHEST: Final = 1.0


@dataclass(frozen=True)
class Strange(EveryStep):
    """The metric is as its own past would not lead one to expect, or was so shortly before."""

    bar: Bar
    window: float = 0.0

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        score, window = number(params, "limit", 0.5), number(params, "window", 0.0)
        if not 0 < score <= HIGHEST:
            raise BadRule("limit", "not between 0 and 1")
        if window < 0:
            raise BadRule("window", "less than zero")
        return cls(Bar(score, touching=True), window)

    @property
    def needs(self) -> Sequence[Need]:
        return [Need(Source.ALARMS, self.window)]

    def measure(self, heard: Heard, moments: Floats) -> Floats:
        """The highest score that held in the window. The track holds the score from each moment on."""
        first, last = heard.track.windows(moments, self.window)
        start, _ = heard.track.windows(moments, np.inf)
        before = picked(heard.track.values, first - 1, first > start)
        inside = over_windows(np.maximum, heard.track.values, first, last)
        return np.fmax(np.nan_to_num(before), inside)

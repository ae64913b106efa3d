from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from monitoring.domain.rules.bars import Bar, positive
from monitoring.domain.rules.kinds import STEP, EveryStep, Need, Source
from monitoring.domain.rules.tracks import Floats, Heard, picked


@dataclass(frozen=True)
class Absence(EveryStep):
    """No sample for so long. A metric nobody ever heard of is not missed."""

    bar: Bar

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        return cls(Bar(positive(params, "limit"), touching=True))

    @property
    def needs(self) -> Sequence[Need]:
        return [Need(Source.SAMPLES, self.bar.limit + STEP)]

    def measure(self, heard: Heard, moments: Floats) -> Floats:
        """Seconds since the last sample, and not counted on once they are enough."""
        first, last = heard.track.windows(moments, np.inf)
        newest = picked(heard.track.at, last - 1, last > first)
        silent = moments - newest.reshape(-1, len(moments))
        # What was measured before the metric was known, as when a host sends what it kept, says that
        # it was there then, and nothing of what came after.
        alone = moments - np.reshape(heard.born, (-1, 1))
        alone[alone < 0] = np.nan
        enough = self.bar.limit + STEP
        return np.where(silent < self.bar.limit, silent, np.minimum(alone, enough)).ravel()

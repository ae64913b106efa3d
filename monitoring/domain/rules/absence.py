from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from monitoring.domain.rules.bars import Bar, positive
from monitoring.domain.rules.kinds import STEP, EveryStep, Need, Source
from monitoring.domain.rules.tracks import Floats, Heard


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
        at = np.append(-np.inf, heard.track.at)
        silent = moments - at[np.searchsorted(heard.track.at, moments, side="right")]
        # What was measured before the metric was known, as when a host sends what it kept, says that
        # it was there then, and nothing of what came after.
        unknown = np.where(moments < heard.born, np.nan, moments - heard.born)
        enough = self.bar.limit + STEP
        return np.where(silent < self.bar.limit, silent, np.minimum(unknown, enough))

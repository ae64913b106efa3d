from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from monitoring.domain.rules.bars import Bar, positive
from monitoring.domain.rules.kinds import EveryStep, Need, Source
from monitoring.domain.rules.tracks import Floats, Heard, increased, lengths

MINUTE: Final = 60.0


@dataclass(frozen=True)
class Rate(EveryStep):
    """How much more a minute, over the last minutes."""

    bar: Bar
    window: float = 300.0
    counter: bool = False  # only ever grows, but for beginning again

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        window = positive(params, "window", 300.0)
        return cls(Bar.read(params), window, params.get("counter") is True)

    @property
    def needs(self) -> Sequence[Need]:
        return [Need(Source.SAMPLES, self.window)]

    def measure(self, heard: Heard, moments: Floats) -> Floats:
        more = increased(heard.track, moments, self.window, counter=self.counter)
        with np.errstate(invalid="ignore", divide="ignore"):
            return more / lengths(heard.track, moments, self.window) * MINUTE

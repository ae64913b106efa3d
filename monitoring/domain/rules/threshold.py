from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from monitoring.domain.rules.bars import BadRule, Bar, number, positive
from monitoring.domain.rules.kinds import EveryStep, Need, Source
from monitoring.domain.rules.tracks import Floats, Heard, aggregated

AGGREGATES: Final = ("last", "mean", "max", "min", "sum", "percentile")
WHOLE: Final = 100.0


@dataclass(frozen=True)
class Threshold(EveryStep):
    """What the last minutes amount to, against a bar."""

    bar: Bar
    window: float = 300.0
    aggregate: str = "last"
    percentile: float = 95.0

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        how, share = params.get("aggregate", "last"), number(params, "percentile", 95.0)
        if how not in AGGREGATES:
            raise BadRule("aggregate", "no such aggregate")
        if not 0 < share <= WHOLE:
            raise BadRule("percentile", "not between 0 and 100")
        return cls(Bar.read(params), positive(params, "window", 300.0), how, share)

    @property
    def needs(self) -> Sequence[Need]:
        return [Need(Source.SAMPLES, self.window)]

    def measure(self, heard: Heard, moments: Floats) -> Floats:
        return aggregated(
            heard.track, moments,
            length=self.window, how=self.aggregate, percentile=self.percentile,
        )  # fmt: skip

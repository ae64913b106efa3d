"""What a rule can look at. Each kind says which past it needs, and measures it at any moments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol, Self

from monitoring.domain.rules.bars import Bar
from monitoring.domain.rules.tracks import Floats, Heard

STEP: Final = 15.0  # how often a rule is judged


class Source(StrEnum):
    SAMPLES = "samples"
    HIGHS = "highs"  # of each five minutes
    LOWS = "lows"
    MEANS = "means"
    ALARMS = "alarms"  # how strange it was, from each moment on


@dataclass(frozen=True, slots=True)
class Need:
    """The stretch from so many seconds before a moment until so many before it."""

    source: Source
    back: float
    until: float = 0.0


class Judge(Protocol):
    @property
    def bar(self) -> Bar: ...

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        """From stored parameters; `BadRule` says what is wrong with them."""

    @property
    def step(self) -> float: ...

    @property
    def at_once(self) -> bool:
        """Whether it can measure many metrics together."""

    @property
    def needs(self) -> Sequence[Need]: ...

    def measure(self, heard: Heard, moments: Floats) -> Floats:
        """A value for each moment, by nothing but what was before it; NaN: nothing to judge by.

        Of many metrics at once, all moments of the first, then all of the second, and so on.
        """


class EveryStep:
    step: float = STEP
    at_once: bool = True

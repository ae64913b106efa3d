"""How values are spread, in a few hundred bytes: counts by buckets that grow with the value.

A value falls into the bucket of the rounded logarithm of its size, so that whatever is read out of a
bucket is off by at most `ERROR` of itself. Two sketches merge by adding counts, in any order, into
exactly the sketch of all their values. After Masson, Rim, Lee: DDSketch (VLDB 2019).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

ERROR: Final = 0.02
GAMMA: Final = (1 + ERROR) / (1 - ERROR)
LOG_GAMMA: Final = math.log(GAMMA)
SMALLEST: Final = 1e-9  # what is nearer to zero counts as zero
OFFSET: Final = 1 - math.ceil(math.log(SMALLEST) / LOG_GAMMA)  # keys of positive values begin at 1


def key_of(value: float) -> int:
    """In the order of the values; fits 16 bits for sizes up to 1e100."""
    size = abs(value)
    if size < SMALLEST:
        return 0
    return int(math.copysign(math.ceil(math.log(size) / LOG_GAMMA) + OFFSET, value))


def value_of(key: int) -> float:
    """The middle of a bucket, in the sense that its ends are equally far off."""
    if not key:
        return 0.0
    return math.copysign(2 * GAMMA ** (abs(key) - OFFSET) / (GAMMA + 1), key)


@dataclass(frozen=True)
class Sketch:
    counts: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        return cls(Counter(map(key_of, values)))

    def merged(self, other: "Sketch") -> "Sketch":
        return Sketch(Counter(self.counts) + Counter(other.counts))

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    def quantile(self, share: float) -> float | None:
        """The value below which this share of all lies, by nearest rank; None of nothing."""
        rank, passed = max(1, math.ceil(share * self.count)), 0
        for key in sorted(self.counts):
            passed += self.counts[key]
            if passed >= rank:
                return value_of(key)
        return None

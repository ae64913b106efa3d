"""What is measured, and which of it can be kept."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from typing import Final, NamedTuple, Self, TypeVar
from uuid import UUID

KINDS: Final = ("system", "application", "business", "security")
AHEAD: Final = timedelta(days=1)  # a clock may be wrong by the zone it is in, not by more
LARGEST: Final = 1e100  # squares of larger ones are beyond a float, and a mean could not be formed
LONGEST_NAME, LONGEST_LABEL, LONGEST_UNIT, MOST_LABELS = 200, 1_000, 40, 32

NOT_A_NUMBER: Final = "not a number below 1e100"
TOO_OLD: Final = "older than samples are kept"
TOO_FAR_AHEAD: Final = "more than a day ahead"
TOO_MANY_METRICS: Final = "of a new metric, and there are as many as are allowed"


COUNTERS: Final = ("_total",)  # by Prometheus' custom


def is_counter(name: str) -> bool:
    """Whether it only grows, by what it is called."""
    return name.endswith(COUNTERS)


class Identity:
    """A metric by name and labels, in whatever order these were given."""

    def __init__(
        self, name: str, labels: Mapping[str, str] | None = None, *, unit: str = "", kind: str = ""
    ) -> None:
        """`ValueError` says what is wrong with it. Unit and kind only describe it."""
        self.name, self.labels = name, dict(sorted((labels or {}).items()))
        self.unit, self.kind = unit, kind
        if fault := self._fault():
            raise ValueError(fault)

    @classmethod
    def of(cls, name: str, **labels: str) -> Self:
        return cls(name, labels)

    @cached_property
    def fingerprint(self) -> UUID:
        written = json.dumps([self.name, self.labels], ensure_ascii=False, separators=(",", ":"))
        return UUID(bytes=blake2b(written.encode(), digest_size=16).digest())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def _fault(self) -> str:
        if not 0 < len(self.name) <= LONGEST_NAME:
            return f"the name has {len(self.name)} letters, not 1 to {LONGEST_NAME}"
        if len(self.labels) > MOST_LABELS:
            return f"{len(self.labels)} labels, more than {MOST_LABELS}"
        if len(self.unit) > LONGEST_UNIT or self.kind not in ("", *KINDS):
            return "no such unit or kind"
        texts = [self.name, self.unit, *self.labels, *self.labels.values()]
        if any(len(text) > LONGEST_LABEL for text in texts):
            return f"a label has more than {LONGEST_LABEL} letters"
        if "\0" in "".join(texts) or not _encodes("".join(texts)):
            return "a letter that no text can hold"
        return ""


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a letter, as JSON can carry
        return False
    return True


class Point(NamedTuple):
    metric: Identity
    at: datetime
    value: float


class Row(NamedTuple):
    """A sample as the table has it."""

    metric: int
    at: datetime
    value: float


Sample = TypeVar("Sample", Point, Row)


class Sieve:
    """Lets through what can be kept, and counts why the rest can not."""

    def __init__(self, at: datetime, kept: timedelta | None) -> None:
        self.oldest = at - kept if kept else datetime.min.replace(tzinfo=UTC)
        self.newest = at + AHEAD
        self.refused = Counter[str]()

    def __call__(self, samples: Sequence[Sample]) -> list[Sample]:
        oldest, newest, most = self.oldest, self.newest, LARGEST
        # What is not a number is not between two either.
        fit = [one for one in samples if -most <= one[2] <= most and oldest <= one[1] <= newest]
        if len(fit) < len(samples):
            self.refused.update(filter(None, map(self._fault, samples)))
        return fit

    def _fault(self, sample: Point | Row) -> str:
        if not -LARGEST <= sample.value <= LARGEST:
            return NOT_A_NUMBER
        if sample.at < self.oldest:
            return TOO_OLD
        return TOO_FAR_AHEAD if sample.at > self.newest else ""

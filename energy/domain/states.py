"""What state a wallet is in. It rises at once, and falls only when it has recovered well beyond.

Who would spend money asks for `confirmed`: what two valid readings agree on, with one calmer between them
at most. A purchase that came and was used up at once is no end of a shortage.
"""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Final

CONSECUTIVE: Final = 2
FAILURES_TOLD: Final = 2  # a single answer that got lost is nothing to tell


class Level(IntEnum):
    OK = 0
    WARNING = 1
    EMERGENCY = 2
    CRITICAL = 3


class State(StrEnum):
    """What is shown; the last two are no level, and never 0 %."""

    UNKNOWN = "UNKNOWN"
    OK = "OK"
    WARNING = "WARNING"
    EMERGENCY = "EMERGENCY"
    CRITICAL = "CRITICAL"
    MEASUREMENT_FAILED = "MEASUREMENT_FAILED"
    NO_CAPACITY = "NO_CAPACITY"


@dataclass(frozen=True)
class Thresholds:
    """In percent of the limit. Below the first of a pair it begins, from the second on it is over."""

    warning: tuple[int, int] = (20, 25)
    emergency: tuple[int, int] = (5, 8)
    critical: tuple[int, int] = (1, 10)

    def of(self, level: Level) -> tuple[int, int]:
        return (self.warning, self.emergency, self.critical)[level - 1]


@dataclass(frozen=True)
class Standing:
    level: Level = Level.OK
    confirmed: Level = Level.OK  # reached by the last reading and one before it, all valid since
    last: Level | None = None  # the gravest of the last two readings; None after one that failed
    calmer: int = 0  # readings in a row that would let it fall
    failures: int = 0  # in a row
    capacity: bool = True
    measured: bool = False  # ever

    @property
    def state(self) -> State:
        if self.failures:
            return State.MEASUREMENT_FAILED
        if not self.measured:
            return State.UNKNOWN
        return State[self.level.name] if self.capacity else State.NO_CAPACITY


def level_of(left: int, limit: int, thresholds: Thresholds, held: Level = Level.OK) -> Level:
    """In whole numbers, so that exactly 5 % is exactly 5 %; what is held ends later than it began."""
    for level in (Level.CRITICAL, Level.EMERGENCY, Level.WARNING):
        enter, leave = thresholds.of(level)
        if left * 100 < limit * (leave if held >= level else enter):
            return level
    return Level.OK


def after_failure(standing: Standing) -> Standing:
    """Nothing is known, so nothing has changed; and nothing is confirmed any more."""
    return replace(
        standing, confirmed=Level.OK, last=None, calmer=0, failures=standing.failures + 1
    )


def after_no_capacity(standing: Standing) -> Standing:
    return replace(
        standing, confirmed=Level.OK, last=None, calmer=0, failures=0, capacity=False, measured=True
    )


def after_reading(standing: Standing, left: int, limit: int, thresholds: Thresholds) -> Standing:
    if limit <= 0:
        return after_no_capacity(standing)
    found = level_of(left, limit, thresholds, standing.level)
    calmer = standing.calmer + 1 if found < standing.level else 0
    falls = calmer >= CONSECUTIVE
    before = standing.last or Level.OK
    return Standing(
        level=found if found > standing.level or falls else standing.level,
        confirmed=min(found, before),
        last=found if falls else max(found, before),
        calmer=0 if falls else calmer,
        measured=True,
    )


class Told(StrEnum):
    """What has an alert of its own."""

    WARNING = "warning"
    EMERGENCY = "emergency"
    CRITICAL = "critical"
    MEASUREMENT_FAILED = "measurement_failed"
    NO_CAPACITY = "no_capacity"
    RUNWAY = "runway"  # it lasts too short, whatever the percentage
    RENTAL = "rental"  # what is rented goes soon, and too little stays
    UNSEEN = "unseen"  # no valid reading for three periods


LEVELS_TOLD: Final = {
    Told.WARNING: Level.WARNING,
    Told.EMERGENCY: Level.EMERGENCY,
    Told.CRITICAL: Level.CRITICAL,
}


def told_of(standing: Standing) -> frozenset[Told]:
    """What holds: a critical wallet is an emergency as well, and is so until each is over by itself."""
    found = {told for told, level in LEVELS_TOLD.items() if standing.level >= level}
    if standing.failures >= FAILURES_TOLD:
        found.add(Told.MEASUREMENT_FAILED)
    if not standing.capacity:
        found.add(Told.NO_CAPACITY)
    return frozenset(found)

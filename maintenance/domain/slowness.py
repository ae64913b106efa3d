"""What got slower than the week before, by counters that only grow and by weeks of readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CALLS: Final = 50  # of fewer a mean says little
FACTOR: Final = 2.0
MORE_MS: Final = 5.0  # what nobody notices is no news, however many times as slow


@dataclass(frozen=True, slots=True)
class Work:
    calls: int
    ms: float  # of all of them together

    @property
    def mean(self) -> float:
        return self.ms / self.calls if self.calls else 0.0


@dataclass(slots=True)
class Spell:
    """Requests of one route as they are counted."""

    requests: int = 0
    seconds: float = 0.0
    slowest: float = 0.0


Counters = Mapping[str, Work]


def between(before: Counters, now: Counters) -> dict[str, Work]:
    """Of each query that was called meanwhile. One that counts less than before has begun anew."""
    return {key: grown for key, work in now.items() if (grown := _grown(before, key, work)).calls}


def _grown(before: Counters, key: str, work: Work) -> Work:
    old = before.get(key)
    if old is None or old.calls > work.calls or old.ms > work.ms:
        return work
    return Work(work.calls - old.calls, work.ms - old.ms)


def slower(last: Counters, this: Counters, *, least: float = MORE_MS) -> list[str]:
    """The worst first, by how much time that costs in all; slower by so many milliseconds at least."""
    found = [
        key for key, work in this.items() if key in last and _is_slower(last[key], work, least)
    ]
    return sorted(found, key=lambda key: _lost(last[key], this[key]), reverse=True)


def _is_slower(last: Work, this: Work, least: float) -> bool:
    if min(last.calls, this.calls) < CALLS:
        return False
    return is_worse(last.mean, this.mean, least=least)


def _lost(last: Work, this: Work) -> float:
    return (this.mean - last.mean) * this.calls


def is_worse(last: float | None, this: float | None, *, least: float) -> bool:
    """Twice as long, and by enough to be felt."""
    if last is None or this is None:
        return False
    return this >= last * FACTOR and this - last >= least

"""What a cell of the overview says: the worst that is open, or how much is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from core.severity import Severity
from monitoring.domain.samples import KINDS

SILENT_AFTER: Final = timedelta(minutes=15)  # newest samples are known some minutes late
USUAL_KIND: Final = "application"


class State(StrEnum):
    """In the order in which they matter."""

    P0 = "p0"
    P1 = "p1"
    P2 = "p2"
    P3 = "p3"
    STALE = "silent"  # it was measured, and is not any more
    QUIET = "quiet"  # what fires is silenced
    CALM = "calm"
    UNKNOWN = "unknown"  # nothing is measured there

    @property
    def troubled(self) -> bool:
        return self.upper() in Severity.__members__


ORDER: Final = {state: place for place, state in enumerate(State)}


class Firing(NamedTuple):
    """Open alerts that are alike."""

    severity: str
    muted: bool
    alerts: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    metrics: int
    last_at: datetime | None


def state_of(firing: Iterable[Firing], measured: Measured | None, *, at: datetime) -> State:
    alerts = [one for one in firing if one.severity in Severity.__members__]
    if loud := [one.severity for one in alerts if not one.muted]:
        return State(min(loud).lower())
    if measured and is_stale(measured.last_at, at=at):
        return State.STALE
    if alerts:
        return State.QUIET
    return State.CALM if measured else State.UNKNOWN


def is_stale(last_at: datetime | None, *, at: datetime) -> bool:
    """A metric that was never rolled up is too young to be called silent."""
    return last_at is not None and last_at < at - SILENT_AFTER


def worst(states: Iterable[State]) -> State:
    return min(states, key=ORDER.__getitem__, default=State.UNKNOWN)


def kind_of(told: str | None, measured: str | None) -> str:
    """The class an alert belongs to: what it says, or what its metric is, or the usual one."""
    return next((kind for kind in (told, measured) if kind in KINDS), USUAL_KIND)

"""What a cell of the overview says: the worst that is open, or how much is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from core.severity import Severity
from monitoring.domain.samples import KINDS

SILENT_AFTER: Final = timedelta(minutes=15)  # newest samples are known some minutes late
GONE_AFTER: Final = timedelta(days=7)  # of what was removed nobody expects anything
MISSED: Final = 3  # intervals
USUAL_KIND: Final = "application"


class State(StrEnum):
    """In the order in which they matter."""

    P0 = "p0"
    P1 = "p1"
    P2 = "p2"
    P3 = "p3"
    STALE = "silent"  # it was measured, and is not any more
    QUIET = "quiet"  # what fires calls nobody
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
    cause: str = ""  # the service that is down, if all of them are kept quiet by it


@dataclass(frozen=True, slots=True)
class Measured:
    metrics: int
    last_at: datetime | None
    patience: timedelta | None = SILENT_AFTER  # None: its checks are paused


def patience(intervals: Iterable[timedelta | None]) -> timedelta | None:
    """How long a place may say nothing, by the checks that read it; those paused have no interval."""
    found = list(intervals)
    running = [one for one in found if one is not None]
    if found and not running:
        return None
    return max([SILENT_AFTER, *(one * MISSED for one in running)])


def state_of(firing: Iterable[Firing], measured: Measured | None, *, at: datetime) -> State:
    alerts = [one for one in firing if one.severity in Severity.__members__]
    if loud := [one.severity for one in alerts if not one.muted]:
        return State(min(loud).lower())
    measured = measured if measured and not _is_gone(measured, at) else None
    if measured and is_stale(measured.last_at, at=at, patience=measured.patience):
        return State.STALE if measured.patience is not None else State.UNKNOWN
    if alerts:
        return State.QUIET
    return State.CALM if measured else State.UNKNOWN


def _is_gone(measured: Measured, at: datetime) -> bool:
    longest = max(GONE_AFTER, measured.patience or GONE_AFTER)
    return measured.last_at is not None and measured.last_at < at - longest


def is_stale(
    last_at: datetime | None, *, at: datetime, patience: timedelta | None = SILENT_AFTER
) -> bool:
    """A metric that was never rolled up is too young to be called silent."""
    return last_at is not None and last_at < at - (patience or SILENT_AFTER)


def cause_of(firing: Iterable[Firing]) -> str:
    """What keeps a quiet place quiet, if it is one thing and not a person's silence."""
    causes = {one.cause for one in firing}
    return causes.pop() if len(causes) == 1 else ""


def worst(states: Iterable[State]) -> State:
    return min(states, key=ORDER.__getitem__, default=State.UNKNOWN)


def kind_of(told: str | None, measured: str | None) -> str:
    """The class an alert belongs to: what it says, or what its metric is, or the usual one."""
    return next((kind for kind in (told, measured) if kind in KINDS), USUAL_KIND)

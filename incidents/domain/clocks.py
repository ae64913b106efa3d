"""The two promises of a severity: somebody answers within, it is over within."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Targets:
    respond_within: timedelta
    resolve_within: timedelta
    warn_at: int = 75  # per cent of the time used: a clock warns before it breaks


def respond_by(targets: Targets, *, response_since: datetime) -> datetime:
    """Counted from when people were told, of this severity or once more: nobody can answer before being asked."""
    return response_since + targets.respond_within


def resolve_by(targets: Targets, *, clock_since: datetime) -> datetime:
    """Counted from detection (or reopening) whatever the severity was then: customers wait since."""
    return clock_since + targets.resolve_within


def warn_at(targets: Targets, *, since: datetime, due: datetime) -> datetime:
    """When so much of the time is used that somebody should hear of it."""
    return since + (due - since) * targets.warn_at / 100


@dataclass(frozen=True)
class Reading:
    """A clock as a person sees it. `fraction` is the share of the time used, 0 to 100."""

    due: datetime
    seconds_left: int
    fraction: int
    overdue: bool
    urgent: bool


def read(*, started: datetime, due: datetime, at: datetime, warn: datetime | None) -> Reading:
    """Urgent from `warn` on; a clock that warns of nothing is urgent when it is over."""
    whole = max(1.0, (due - started).total_seconds())
    left = (due - at).total_seconds()
    fraction = min(100, max(0, round(100 * (whole - left) / whole)))
    return Reading(due, int(left), fraction, left < 0, at >= (warn or due))

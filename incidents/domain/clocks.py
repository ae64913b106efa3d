"""The two promises of a severity: somebody answers within, it is over within."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Targets:
    respond_within: timedelta
    resolve_within: timedelta


def respond_by(targets: Targets, *, severity_since: datetime) -> datetime:
    """Counted from when people were told of this severity: nobody can answer before being asked."""
    return severity_since + targets.respond_within


def resolve_by(targets: Targets, *, clock_since: datetime) -> datetime:
    """Counted from detection (or reopening) whatever the severity was then: customers wait since."""
    return clock_since + targets.resolve_within


@dataclass(frozen=True)
class Reading:
    """A clock as a person sees it. `fraction` is the share of the time used, 0 to 100."""

    due: datetime
    seconds_left: int
    fraction: int
    overdue: bool
    urgent: bool


URGENT_FROM = 75  # per cent of the time used: the clock warns before it breaks


def read(*, started: datetime, due: datetime, at: datetime) -> Reading:
    whole = max(1.0, (due - started).total_seconds())
    left = (due - at).total_seconds()
    fraction = min(100, max(0, round(100 * (whole - left) / whole)))
    return Reading(due, int(left), fraction, left < 0, fraction >= URGENT_FROM)

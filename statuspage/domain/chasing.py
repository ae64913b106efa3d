"""When somebody owes customers a word, and when whoever owes it is reminded."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

GRACE: Final = timedelta(minutes=5)  # to find the first words, or the last ones


class Owed(StrEnum):
    FIRST = "first"  # customers see that something is broken, and no word of ours
    LATE = "late"  # they were promised an update
    OVER = "over"  # it is resolved, and they do not know


@dataclass(frozen=True)
class Standing:
    """How a notice and its incident stand."""

    begun_at: datetime
    published: bool
    over: bool  # customers know that it is over
    promised_at: datetime | None
    resolved_at: datetime | None  # the incident, not what customers were told of it


def owed(of: Standing, *, at: datetime) -> Owed | None:
    if of.over:
        return None
    if not of.published:
        return None if of.resolved_at else Owed.FIRST
    if of.resolved_at:
        return Owed.OVER
    return Owed.LATE if of.promised_at and of.promised_at <= at else None


def since(of: Standing, debt: Owed) -> datetime:
    """From when on it is owed."""
    begun = {Owed.LATE: of.promised_at, Owed.OVER: of.resolved_at}.get(debt)
    return begun or of.begun_at


def is_due(
    of: Standing, debt: Owed, chased_at: datetime | None, every: timedelta, *, at: datetime
) -> bool:
    """Once at first, after a while if nothing was promised; then once in each interval, until it is said."""
    if chased_at is not None:
        return at >= chased_at + every
    grace = timedelta(0) if debt is Owed.LATE else GRACE
    return at >= since(of, debt) + grace

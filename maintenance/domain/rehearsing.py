"""The quarter's drill: on which day it is, and what it is about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from maintenance.domain.periods import A_WEEK, Period, at_local

TEN: Final = time(10)
NOTICE: Final = A_WEEK  # people are told beforehand
TO_WRITE: Final = 2 * A_WEEK  # what it taught belongs to the round that is due then
SATURDAY: Final = 5
NEVER: Final = datetime.min.replace(tzinfo=UTC)


def drill_of(
    period: Period, *, due: date, at: datetime, held: Iterable[datetime], zone: tzinfo
) -> datetime | None:
    """A fortnight before the round is due, with a week's notice, on a working day. None: the period has one, or is over.

    `held` are the moments of those that are planned or were played.
    """
    begins, ends = period.starts(zone), period.ends(zone)
    if any(begins <= moment < ends for moment in held):
        return None
    today = at.astimezone(zone).date()
    day = min(max(due - TO_WRITE, today + NOTICE), period.last)
    found = at_local(_working(day, after=today), TEN, zone)
    return found if found > at else None


def _working(day: date, *, after: date) -> date:
    """The Friday before a weekend, unless that has passed."""
    friday = day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))
    return friday if friday > after else day


def longest_ago(order: Sequence[str], last: Mapping[str, datetime]) -> str:
    """What was never gone through comes first, by this order."""
    return min(order, key=lambda one: last.get(one, NEVER))

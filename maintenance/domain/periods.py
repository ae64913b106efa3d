"""Days, weeks, months and quarters of the company's calendar, and when each one's work is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
MONTHS: Final = {"monthly": 1, "quarterly": 3}


class Frequency(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"  # from Monday, as ISO 8601 counts them
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


@dataclass(frozen=True, slots=True)
class Period:
    """Known by its first day; which moments it holds depends on the zone asked about."""

    frequency: Frequency
    first: date

    def __str__(self) -> str:
        """2026-11-30, 2026-W49, 2026-11 or 2026-Q4."""
        if self.frequency is Frequency.DAILY:
            return self.first.isoformat()
        if self.frequency is Frequency.WEEKLY:
            year, week, _weekday = self.first.isocalendar()
            return f"{year}-W{week:02}"
        if self.frequency is Frequency.MONTHLY:
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}"

    @property
    def next(self) -> "Period":
        return Period(self.frequency, self._moved(1))

    @property
    def before(self) -> "Period":
        return Period(self.frequency, self._moved(-1))

    @property
    def last(self) -> date:
        return self._moved(1) - A_DAY

    def starts(self, zone: tzinfo) -> datetime:
        return at_local(self.first, time.min, zone)

    def ends(self, zone: tzinfo) -> datetime:
        """The first moment that is no longer in it."""
        return self.next.starts(zone)

    def due(self, hour: time, zone: tzinfo) -> datetime:
        """Its work is due on its first day, at this time of the clock."""
        return at_local(self.first, hour, zone)

    def _moved(self, by: int) -> date:
        if self.frequency is Frequency.DAILY:
            return self.first + by * A_DAY
        if self.frequency is Frequency.WEEKLY:
            return self.first + by * A_WEEK
        months = self.first.year * 12 + self.first.month - 1 + by * MONTHS[self.frequency]
        return date(months // 12, months % 12 + 1, 1)


def at_local(day: date, hour: time, zone: tzinfo) -> datetime:
    """In UTC. A time that the clock skips is as much later as it skips; of one it says twice, the first."""
    return datetime.combine(day, hour.replace(fold=0), zone).astimezone(UTC)


def period_of(frequency: Frequency, day: date) -> Period:
    """The one that holds this day."""
    if frequency is Frequency.DAILY:
        return Period(frequency, day)
    if frequency is Frequency.WEEKLY:
        return Period(frequency, day - day.weekday() * A_DAY)
    months = MONTHS[frequency]
    return Period(frequency, date(day.year, (day.month - 1) // months * months + 1, 1))


def period_at(frequency: Frequency, moment: datetime, zone: tzinfo) -> Period:
    return period_of(frequency, moment.astimezone(zone).date())


def latest_due(frequency: Frequency, hour: time, at: datetime, zone: tzinfo) -> Period:
    """The newest one whose work is due; until its hour has come that is the one before."""
    period = period_at(frequency, at, zone)
    return period if period.due(hour, zone) <= at else period.before


def periods_between(frequency: Frequency, first: date, last: date) -> Iterator[Period]:
    """All that have a day from `first` to `last`."""
    period = period_of(frequency, first)
    while period.first <= last:
        yield period
        period = period.next


@dataclass(frozen=True, slots=True)
class Owed:
    """What was due since somebody last looked. Only the newest is caught up.

    A check of today says nothing about a day that is over: those are missed, and are said to be.
    """

    run: Period | None = None
    missed: tuple[Period, ...] = ()


def owed(
    frequency: Frequency,
    hour: time,
    *,
    since: datetime,
    at: datetime,
    zone: tzinfo,
    known: Period | None = None,
) -> Owed:
    """`known` is the newest period there is a record of; what was due before `since` is nobody's."""
    newest = latest_due(frequency, hour, at, zone)
    begin = known.next if known else period_at(frequency, since, zone)
    found = [
        period
        for period in periods_between(frequency, begin.first, newest.first)
        if period.due(hour, zone) >= since
    ]
    return Owed(found[-1], tuple(found[:-1])) if found else Owed()

"""Names and bounds of the parts in which a table is kept by time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum


@dataclass(frozen=True)
class Part:
    name: str
    start: datetime
    end: datetime


class Length(Enum):
    """How long a part is, and how it is written in its name."""

    DAY = "%Y%m%d"
    MONTH = "%Y%m"
    YEAR = "%Y"

    def part(self, table: str, moment: datetime) -> Part:
        start = self._start(moment.astimezone(UTC))
        return Part(f"{table}_{start.strftime(self.value)}", start, self._next(start))

    def parts(self, table: str, moments: Iterable[datetime]) -> set[Part]:
        return {self.part(table, moment) for moment in moments}

    def named(self, table: str, name: str) -> Part | None:
        """None: it is not one of ours, and nobody's to drop."""
        written = name.removeprefix(f"{table}_")
        try:
            moment = datetime.strptime(written, self.value).replace(tzinfo=UTC)
        except ValueError:
            return None
        part = self.part(table, moment)
        return part if part.name == name else None

    def _start(self, moment: datetime) -> datetime:
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        if self is Length.DAY:
            return day
        return day.replace(day=1) if self is Length.MONTH else day.replace(month=1, day=1)

    def _next(self, start: datetime) -> datetime:
        longest = {Length.DAY: 1, Length.MONTH: 31, Length.YEAR: 366}[self]
        return self._start(start + timedelta(days=longest))

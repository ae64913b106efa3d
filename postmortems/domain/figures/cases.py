"""An incident as figures see it: moments in, lengths of time out. All are reckoned here and nowhere else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Clock(StrEnum):
    """What is measured of an incident; each is counted from when it was noticed, but the first."""

    DETECT = "detect"  # it began → it was noticed
    ACKNOWLEDGE = "acknowledge"
    MITIGATE = "mitigate"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class Case:
    """`began` None: nobody knows. `resolved` None: it goes on."""

    number: int
    severity: str
    detected: datetime
    began: datetime | None = None
    acknowledged: datetime | None = None
    mitigated: datetime | None = None
    resolved: datetime | None = None
    resolve_by: datetime | None = None
    answered_late: bool = False
    resolved_late: bool = False
    services: tuple[int, ...] = ()
    team: int | None = None
    cause: str = ""

    @property
    def since(self) -> datetime:
        return min(self.began, self.detected) if self.began else self.detected

    def took(self, clock: Clock) -> float | None:
        """Seconds; None where a moment is unknown, or stands before the one it is counted from."""
        start, end = _ENDS[clock](self)
        if start is None or end is None or end < start:
            return None
        return (end - start).total_seconds()

    def contradicts(self, clock: Clock) -> bool:
        """Both moments are known and cannot both be true: figures leave it out and say how many."""
        start, end = _ENDS[clock](self)
        return start is not None and end is not None and end < start

    def missed(self, *, at: datetime) -> bool:
        """The promise to be over in time, by what was noted then and by the moments as they are now."""
        end = self.resolved or at
        return self.resolved_late or (self.resolve_by is not None and end > self.resolve_by)


_ENDS: Final[Mapping[Clock, Callable[[Case], tuple[datetime | None, datetime | None]]]] = {
    Clock.DETECT: lambda case: (case.began, case.detected),
    Clock.ACKNOWLEDGE: lambda case: (case.detected, case.acknowledged),
    Clock.MITIGATE: lambda case: (case.detected, case.mitigated),
    Clock.RESOLVE: lambda case: (case.detected, case.resolved),
}


@dataclass(frozen=True, slots=True)
class Window:
    """From `since`, up to and without `until`."""

    since: datetime
    until: datetime

    @property
    def seconds(self) -> float:
        return (self.until - self.since).total_seconds()

    @property
    def days(self) -> float:
        return self.seconds / 86_400

    def holds(self, case: Case) -> bool:
        """An incident belongs to the time in which it was noticed, whenever it began or ended."""
        return self.since <= case.detected < self.until


def within(cases: Sequence[Case], window: Window) -> list[Case]:
    return [case for case in cases if window.holds(case)]


def lengths(cases: Sequence[Case], clock: Clock) -> list[float]:
    return [took for case in cases if (took := case.took(clock)) is not None]

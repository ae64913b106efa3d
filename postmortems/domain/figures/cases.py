"""Incidents as figures see them: moments in, lengths of time out. All are reckoned here and nowhere else.

A year of a busy house are tens of thousands, so they stand in columns, which are reckoned with at once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Moments = npt.NDArray[np.datetime64]  # microseconds of UTC; NaT where nobody knows
Words = npt.NDArray[np.object_]

FOUND: Final = "root-cause:"  # before what a person found; no alert's group begins so
A_SECOND: Final = np.timedelta64(1_000_000, "us")


class Clock(StrEnum):
    """What is measured of an incident; each is counted from when it was noticed, but the first."""

    DETECT = "detect"  # it began → it was noticed
    ACKNOWLEDGE = "acknowledge"
    MITIGATE = "mitigate"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class Case:
    """One of them. `began` None: nobody knows. `resolved` None: it goes on."""

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
    root: str = ""


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


@dataclass(frozen=True, slots=True)
class Homes:
    """Which of the cases (by its place) concerns which service; the services of one in order."""

    case: Ints
    service: Ints


@dataclass(frozen=True, slots=True)
class Cases:
    """In the order in which they were noticed. `team` 0: nobody's."""

    number: Ints
    severity: Words
    detected: Moments
    began: Moments
    acknowledged: Moments
    mitigated: Moments
    resolved: Moments
    resolve_by: Moments
    answered_late: Flags
    resolved_late: Flags
    team: Ints
    cause: Words  # what set it off
    root: Words  # which kind of thing people found at the bottom of it
    homes: Homes = field(
        default_factory=lambda: Homes(np.empty(0, np.int64), np.empty(0, np.int64))
    )

    def __len__(self) -> int:
        return len(self.number)

    @classmethod
    def of(cls, cases: Iterable[Case]) -> "Cases":
        rows = sorted(cases, key=lambda one: (one.detected, one.number))
        columns: dict[str, Any] = {
            name: np.array([getattr(one, name) for one in rows], kind)
            for name, kind in _KINDS.items()
        }
        columns |= {
            name: np.array([moment(getattr(one, name)) for one in rows], "M8[us]")
            for name in MOMENTS
        }
        team = np.array([one.team or 0 for one in rows], np.int64)
        pairs = [(place, key) for place, one in enumerate(rows) for key in sorted(one.services)]
        at, services = np.array(pairs, np.int64).reshape(-1, 2).T
        return cls(**columns, team=team, homes=Homes(at, services))

    @classmethod
    def joined(cls, parts: Sequence["Cases"]) -> "Cases":
        """In order; what they concern is told afterwards."""
        columns: dict[str, Any] = {
            one.name: np.concatenate([getattr(part, one.name) for part in parts])
            for one in fields(cls)
            if one.name != "homes"
        }
        return cls(**columns).at(np.lexsort((columns["number"], columns["detected"])))

    def homes_of(self, incident: Ints, service: Ints) -> Homes:
        """From pairs of an incident's number and a service's."""
        by_number = np.argsort(self.number)
        place = by_number[np.searchsorted(self.number, incident, sorter=by_number)]
        order = np.lexsort((service, place))
        return Homes(place[order], service[order])

    def where(self, those: Flags) -> "Cases":
        return self.at(np.flatnonzero(those))

    def at(self, places: Ints) -> "Cases":
        """These, in that order."""
        columns = {
            one.name: getattr(self, one.name)[places] for one in fields(self) if one.name != "homes"
        }
        new = np.full(len(self), -1)
        new[places] = np.arange(len(places))
        case = new[self.homes.case]
        stay = case >= 0
        return Cases(**columns, homes=Homes(case[stay], self.homes.service[stay]))

    def within(self, window: Window) -> "Cases":
        """An incident belongs to the time in which it was noticed, whenever it began or ended."""
        since, until = moment(window.since), moment(window.until)
        return self.where((self.detected >= since) & (self.detected < until))

    def are_of(self, service: int) -> Flags:
        those = np.zeros(len(self), np.bool_)
        those[self.homes.case[self.homes.service == service]] = True
        return those

    @property
    def causes(self) -> Words:
        """What people found, marked as such; else what set it off."""
        found: Words = np.where(self.root != "", FOUND + self.root, self.cause)
        return found

    @property
    def since(self) -> Moments:
        return np.fmin(self.began, self.detected)

    def over(self, at: datetime) -> Moments:
        """When each was, or now."""
        return np.where(np.isnat(self.resolved), moment(at), self.resolved)

    def took(self, clock: Clock) -> Floats:
        """Seconds; NaN where a moment is unknown, or stands before the one it is counted from."""
        start, end = _ENDS[clock](self)
        sane = end >= start  # not so of what is unknown
        return np.where(sane, (end - start) / A_SECOND, np.nan)

    def contradicting(self, clock: Clock) -> int:
        """Both moments are known and cannot both be true: figures leave it out and say how many."""
        start, end = _ENDS[clock](self)
        return int(np.count_nonzero(end < start))

    def missed(self, *, at: datetime) -> Flags:
        """The promise to be over in time, by what was noted then and by the moments as they are now."""
        return self.resolved_late | (self.over(at) > self.resolve_by)

    def by(self, owners: Mapping[int, int | None]) -> "Cases":
        """Where nothing else says who is called, it is the owner of the first service that has one."""
        owner = np.array([owners.get(key) or 0 for key in self.homes.service.tolist()], np.int64)
        owned = owner > 0
        places, first = np.unique(self.homes.case[owned], return_index=True)
        found = np.zeros(len(self), np.int64)
        found[places] = owner[owned][first]
        return replace(self, team=np.where(self.team > 0, self.team, found))


MOMENTS: Final = ("detected", "began", "acknowledged", "mitigated", "resolved", "resolve_by")
_KINDS: Final[Mapping[str, Any]] = {
    "number": np.int64, "severity": object, "answered_late": bool, "resolved_late": bool,
    "cause": object, "root": object,
}  # fmt: skip
_ENDS: Final[Mapping[Clock, Callable[[Cases], tuple[Moments, Moments]]]] = {
    Clock.DETECT: lambda cases: (cases.began, cases.detected),
    Clock.ACKNOWLEDGE: lambda cases: (cases.detected, cases.acknowledged),
    Clock.MITIGATE: lambda cases: (cases.detected, cases.mitigated),
    Clock.RESOLVE: lambda cases: (cases.detected, cases.resolved),
}


def moment(at: datetime | None) -> np.datetime64:
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None) if at else "NaT", "us")


def lengths(cases: Cases, clock: Clock) -> Floats:
    took = cases.took(clock)
    return took[~np.isnan(took)]

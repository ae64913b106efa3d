"""All figures of one time, from its cases: the only place where they are put together."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeVar

from postmortems.domain.figures import estimates
from postmortems.domain.figures.cases import Case, Clock, Window, lengths, within
from postmortems.domain.figures.estimates import Figure
from postmortems.domain.figures.spells import between_failures, spells, troubled

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Timing:
    """`contradicting`: so many whose moments cannot be true, left out of all the others."""

    mean: Figure
    median: Figure
    p95: Figure
    trend: Figure
    contradicting: int


@dataclass(frozen=True, slots=True)
class Reckoned:
    incidents: Figure
    timings: Mapping[Clock, Timing]
    between_failures: Figure
    troubled: Figure
    answered_late: Figure
    resolved_late: Figure
    by_severity: Mapping[str, int]
    by_cause: Mapping[str, int]
    by_service: Mapping[int, int]
    by_team: Mapping[int | None, int]
    by_hour: Mapping[int, int]


def reckon(cases: Sequence[Case], window: Window, *, at: datetime, zone: tzinfo) -> Reckoned:
    """`cases` are all that touch the window; those that were noticed in it are counted."""
    ours = within(cases, window)
    return Reckoned(
        incidents=estimates.count(len(ours), "incidents"),
        timings={clock: timing(ours, clock, window) for clock in Clock},
        between_failures=between_failures(cases, window, at=at),
        troubled=Figure(troubled(spells(cases, at=at), window), "s", len(ours)),
        answered_late=estimates.share(sum(one.answered_late for one in ours), len(ours)),
        resolved_late=late(ours, at=at),
        by_severity=_counted(ours, lambda case: (case.severity,)),
        by_cause=_counted(ours, lambda case: (case.cause,) if case.cause else ()),
        by_service=_counted(ours, lambda case: case.services),
        by_team=_counted(ours, lambda case: (case.team,)),
        by_hour=_counted(ours, lambda case: (case.detected.astimezone(zone).hour,)),
    )


def timing(cases: Sequence[Case], clock: Clock, window: Window) -> Timing:
    """Of cases that belong to the window."""
    values = lengths(cases, clock)
    points = [
        ((case.detected - window.since).total_seconds() / 86_400, took)
        for case in cases
        if (took := case.took(clock)) is not None
    ]
    return Timing(
        estimates.mean(values, "s"),
        estimates.median(values, "s"),
        estimates.p95(values, "s"),
        estimates.trend(points),
        sum(case.contradicts(clock) for case in cases),
    )


def late(cases: Sequence[Case], *, at: datetime) -> Figure:
    return estimates.share(sum(one.missed(at=at) for one in cases), len(cases))


def _counted(
    cases: Iterable[Case], keys: Callable[[Case], Iterable[Key]]
) -> Mapping[Key, int]:  # fmt: skip
    """The most frequent first."""
    found = defaultdict[Key, int](int)
    for case in cases:
        for key in keys(case):
            found[key] += 1
    return dict(sorted(found.items(), key=lambda one: (-one[1], str(one[0]))))

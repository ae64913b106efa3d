"""All figures of one time, from its cases: the only place where they are put together."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, TypeVar

import numpy as np

from postmortems.domain.figures import estimates
from postmortems.domain.figures.cases import Cases, Clock, Window, moment
from postmortems.domain.figures.estimates import Figure
from postmortems.domain.figures.local import hours, local
from postmortems.domain.figures.spells import between_failures, spells, troubled

Key = TypeVar("Key", bound=Hashable)
A_DAY: Final = np.timedelta64(86_400_000_000, "us")


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
    by_cause: Mapping[str, int]  # what people found; else what set it off
    by_trigger: Mapping[str, int]
    by_service: Mapping[int, int]
    by_team: Mapping[int | None, int]
    by_hour: Mapping[int, int]


def reckon(cases: Cases, window: Window, *, at: datetime, zone: tzinfo) -> Reckoned:
    """`cases` are all that touch the window; those that were noticed in it are counted."""
    ours = cases.within(window)
    return Reckoned(
        incidents=estimates.count(len(ours), "incidents"),
        timings={clock: timing(ours, clock, window) for clock in Clock},
        between_failures=between_failures(cases, window, at=at),
        troubled=Figure(troubled(spells(cases, at=at), window), "s", len(ours)),
        answered_late=estimates.share(int(ours.answered_late.sum()), len(ours)),
        resolved_late=late(ours, at=at),
        by_severity=_counted(ours.severity.tolist()),
        by_cause=_counted(filter(None, ours.causes.tolist())),
        by_trigger=_counted(filter(None, ours.cause.tolist())),
        by_service=_counted(ours.homes.service.tolist()),
        by_team=_counted(team or None for team in ours.team.tolist()),
        by_hour=_counted(hours(local(ours.detected, zone)).tolist()),
    )


def timing(cases: Cases, clock: Clock, window: Window) -> Timing:
    """Of cases that belong to the window."""
    took = cases.took(clock)
    known = ~np.isnan(took)
    values = took[known]
    days = (cases.detected[known] - moment(window.since)) / A_DAY
    return Timing(
        estimates.mean(values, "s"),
        estimates.median(values, "s"),
        estimates.p95(values, "s"),
        estimates.trend(days, values),
        cases.contradicting(clock),
    )


def late(cases: Cases, *, at: datetime) -> Figure:
    return estimates.share(int(cases.missed(at=at).sum()), len(cases))


def _counted(keys: Iterable[Key]) -> Mapping[Key, int]:
    """The most frequent first."""
    return dict(sorted(Counter(keys).items(), key=lambda one: (-one[1], str(one[0]))))

"""What a check has to do, what came of it, and when its silence is news."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from monitoring.domain.samples import Identity, Point

SILENT_AFTER: Final = 3  # intervals without data
UP, SECONDS = "check_up", "check_seconds"


class State(StrEnum):
    NEW = "new"  # never run
    OK = "ok"
    FAILING = "failing"
    HANGING = "hanging"  # abandoned after its timeout, and its thread does not end


@dataclass(frozen=True)
class Job:
    """One run of a check, as it was set up when it became due."""

    check: int
    name: str
    collector: str
    settings: Mapping[str, Any]
    timeout: float
    at: datetime
    host: str = ""
    service: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Measured:
    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    state: State
    took: float
    error: str = ""
    readings: tuple[Measured, ...] = ()
    of_host: bool = False


def silent_at(last_ok_at: datetime | None, since: datetime, interval: timedelta) -> datetime:
    """When it is news that it gives no data; `since`: set up, changed or gone on."""
    return max(last_ok_at or since, since) + SILENT_AFTER * interval


def points_of(job: Job, outcome: Outcome) -> tuple[list[Point], list[str]]:
    """All that is to be stored of a run, and what of it cannot be."""
    place = {"host": job.host} if job.host else {}
    service = {"service": job.service} if job.service else {}
    check = {"check": job.name}
    named = {} if outcome.of_host else check
    points, faults = [], []
    for one in outcome.readings:
        labels = place | dict(one.labels) | service | named
        try:
            metric = Identity(one.name, labels, unit=one.unit, kind=job.kind)
        except ValueError as fault:
            faults.append(f"{one.name}: {fault}")
            continue
        points.append(Point(metric, job.at, one.value))
    for name, value, unit in (
        (UP, float(outcome.state == State.OK), ""),
        (SECONDS, outcome.took, "s"),
    ):
        metric = Identity(name, place | service | check, unit=unit, kind=job.kind)
        points.append(Point(metric, job.at, value))
    return points, faults

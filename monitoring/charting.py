"""What charts read: one query, and no more rows than a screen has room for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from core import clock
from core.charts.spark import Spark, spark
from monitoring.course_queries import GLANCES, KEPT, KEYS, LATEST, RAW, ROLLED, SPARKS, SPREAD
from monitoring.domain.resolution import DAY, EPOCH, Reading, Resolution, floor, reading
from monitoring.domain.sketch import Sketch
from monitoring.services.partitioning import TABLES, kept

GLANCE_POINTS: Final = 60
POINTS: Final = 1000
SKETCHED: Final = [(one, one.size) for one in (Resolution.HOUR, Resolution.DAY)]
COUNTED: Final = timedelta(hours=6)  # of less than that every sample is read for percentiles
SPARK_SPAN: Final = timedelta(hours=3)
UNROLLED: Final = timedelta(minutes=10)  # what is younger may not be rolled up yet
LAGS: Final = {
    Resolution.FIVE_MINUTES: UNROLLED,
    Resolution.HOUR: timedelta(minutes=30),
    Resolution.DAY: timedelta(hours=2),
}
GAP: Final = 1_000.0  # seconds: three rolled up readings in a row are missing


@dataclass(frozen=True, slots=True)
class Bin:
    at: datetime
    low: float
    mean: float
    high: float
    count: int


@dataclass(frozen=True)
class Series:
    """Where nothing was measured there is no bin: a gap stays a gap."""

    resolution: Resolution
    step: timedelta  # how far apart bins are at least
    bins: list[Bin]


def series(
    metric: int,
    since: datetime,
    until: datetime,
    *,
    points: int = POINTS,
    at: datetime | None = None,
) -> Series:
    """A metric's course, in the finest size that takes no more than so many points."""
    return courses([metric], since, until, points=points, at=at)[metric]


def courses(
    metrics: Collection[int],
    since: datetime,
    until: datetime,
    *,
    points: int = POINTS,
    at: datetime | None = None,
) -> dict[int, Series]:
    """Those of many metrics over one time, in one query; every one is there, if need be empty."""
    at = at or clock.now()
    found = reading(since, until, points=points, at=at, kept=kept())
    fresh = _fresh(found, until, at)
    sql = RAW if found.resolution is Resolution.RAW else _merging(ROLLED, KEPT, found.resolution)
    drawn = {metric: Series(found.resolution, found.step, []) for metric in metrics}
    for metric, *row in _rows(sql, metrics, found, until, fresh):
        drawn[metric].bins.append(Bin(*row))
    return drawn


def _merging(sql: str, part: str, resolution: Resolution) -> str:
    """Of one size, or of days and then hours; what is younger comes from the samples."""
    parts = [part.format(table=TABLES[resolution].name, since="start", until="finer")]
    if resolution is Resolution.DAY:
        parts.append(part.format(table=TABLES[Resolution.HOUR].name, since="finer", until="fresh"))
    return sql.format(kept="".join(parts))


def _fresh(found: Reading, until: datetime, at: datetime) -> tuple[datetime, datetime]:
    """From when on a finer size is read, and from when on the samples.

    By buckets, not by bins: a bin of half a day would be read of its samples all day long.
    """
    finer = fresh = _held(found.resolution, found.start, until, at)
    if found.resolution is Resolution.DAY:
        fresh = _held(Resolution.HOUR, finer, until, at)
    return finer, fresh


def _held(resolution: Resolution, since: datetime, until: datetime, at: datetime) -> datetime:
    """Until when this size has all there is."""
    if resolution is Resolution.RAW:
        return until
    return min(until, max(since, floor(at - LAGS[resolution], resolution.size)))


def spread(metric: int, since: datetime, until: datetime, *, at: datetime | None = None) -> Sketch:
    """How the values of that time are distributed: exactly then, or by whole hours or days."""
    at = at or clock.now()
    if until - since < COUNTED and since >= at - (kept()[Resolution.RAW] or at - since):
        found, fresh = Reading(Resolution.HOUR, Resolution.HOUR.size, since, EPOCH), (since, since)
    else:
        found = reading(since, until, points=POINTS, at=at, kept=kept(), of=SKETCHED)
        fresh = _fresh(found, until, at)
    sql = _merging(SPREAD, KEYS, found.resolution)
    return Sketch(dict(_rows(sql, [metric], found, until, fresh)))


def sparks(metrics: Collection[int], *, at: datetime) -> dict[int, Spark]:
    """The last hours of many metrics, in one query."""
    step = Resolution.FIVE_MINUTES.size
    since, until = floor(at - SPARK_SPAN, step), at + step
    asked = {"metrics": list(metrics), "start": since, "until": until, "step": step}
    asked |= {"fresh": floor(at - UNROLLED, step)}
    ends = (since.timestamp(), until.timestamp())
    drawn = (
        (metric, spark(list(zip(moments, values, strict=True)), *ends, gap=GAP))
        for metric, moments, values in _asked(SPARKS, asked)
    )
    return {metric: line for metric, line in drawn if line}


def glances(spans: Sequence[tuple[int, datetime, datetime]]) -> list[Spark | None]:
    """Of metrics from when until when, each its course then, as long as samples are kept: one query."""
    if not spans:
        return []
    metrics, since, until = map(list, zip(*spans, strict=True))
    asked = {"metrics": metrics, "since": since, "until": until, "points": GLANCE_POINTS}
    drawn: list[Spark | None] = [None] * len(spans)
    for place, moments, values in _asked(GLANCES, asked):
        _, start, end = spans[place - 1]
        ends = (start.timestamp(), end.timestamp())
        drawn[place - 1] = spark(list(zip(moments, values, strict=True)), *ends, gap=GAP)
    return drawn


def latest(metrics: Collection[int], *, at: datetime) -> dict[int, tuple[datetime, float]]:
    """Each one's newest sample of the last day, in one query."""
    asked = {"metrics": list(metrics), "start": at - DAY, "until": at + DAY}
    return {metric: (moment, value) for metric, moment, value in _asked(LATEST, asked)}


def _rows(
    sql: str,
    metrics: Collection[int],
    found: Reading,
    until: datetime,
    fresh: tuple[datetime, datetime],
) -> list[tuple[Any, ...]]:
    asked: dict[str, Any] = {
        "metrics": list(metrics),
        "start": found.start,
        "finer": fresh[0],
        "fresh": fresh[1],
        "until": until,
        "step": found.step,
        "origin": found.origin,
    }
    return _asked(sql, asked)


def _asked(sql: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows

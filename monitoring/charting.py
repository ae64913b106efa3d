"""What charts read: one query, and no more rows than a screen has room for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from core import clock
from monitoring.domain.resolution import Reading, Resolution, reading
from monitoring.domain.sketch import Sketch
from monitoring.services.partitioning import TABLES, kept

POINTS: Final = 1000
SKETCHED: Final = (Resolution.HOUR, Resolution.DAY)

# A bin of samples stands where its first one was taken, so that a regular metric looks regular.
RAW = """
SELECT min(at), min(value), avg(value), max(value), count(*) FROM monitoring_sample
WHERE metric_id = %(metric)s AND at >= %(start)s AND at < %(until)s
GROUP BY date_bin(%(step)s, at, %(origin)s) ORDER BY 1
"""
ROLLED = """
SELECT date_bin(%(step)s, at, %(origin)s), min(low), sum(mean * count) / sum(count), max(high),
    sum(count)::bigint
FROM {table} WHERE metric_id = %(metric)s AND at >= %(start)s AND at < %(until)s
GROUP BY 1 ORDER BY 1
"""
SPREAD = """
SELECT key, sum(n)::bigint FROM {table}, unnest(keys, counts) AS bucket (key, n)
WHERE metric_id = %(metric)s AND at >= %(start)s AND at < %(until)s GROUP BY key
"""


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
    found = reading(since, until, points=points, at=at or clock.now(), kept=kept())
    table = TABLES[found.resolution].name
    sql = RAW if found.resolution is Resolution.RAW else ROLLED.format(table=table)
    bins = [Bin(*row) for row in _rows(sql, metric, found, until)]
    return Series(found.resolution, found.step, bins)


def spread(metric: int, since: datetime, until: datetime, *, at: datetime | None = None) -> Sketch:
    """How the values of that time are distributed, of whole hours or, far back, whole days."""
    found = reading(since, until, points=POINTS, at=at or clock.now(), kept=kept(), of=SKETCHED)
    sql = SPREAD.format(table=TABLES[found.resolution].name)
    return Sketch(dict(_rows(sql, metric, found, until)))


def _rows(sql: str, metric: int, found: Reading, until: datetime) -> list[tuple[Any, ...]]:
    asked: dict[str, Any] = {
        "metric": metric,
        "start": found.start,
        "until": until,
        "step": found.step,
        "origin": found.origin,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows

"""Inside the product: samples written, rolled up and charted. `python -m bench.sampling COUNT` prints JSON.

The metrics are read each minute for two weeks, all of them at each moment, as a poller writes them.
What is older than that is a copy of the roll-ups with earlier dates.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

import django

from bench.sampled import Found

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402 - after Django is ready

from core import clock  # noqa: E402
from monitoring import services  # noqa: E402
from monitoring.charting import courses  # noqa: E402
from monitoring.domain.ranges import LENGTHS  # noqa: E402
from monitoring.domain.resolution import floor  # noqa: E402
from monitoring.domain.samples import Identity, Row  # noqa: E402
from monitoring.screens import hosts, metric  # noqa: E402
from monitoring.services import partitioning, registering, rolling, sampling  # noqa: E402

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LENGTH = 13 * DAY  # all of it is still kept, however long the measure takes
BATCH = 10_000
TIMES = 60  # charts of each range that pages offer, of a metric drawn by lot
WALLS = 10  # and so often a whole host's charts
ROUNDS, ROUND = 6, 20_000  # the first of each kind warms up and is not counted
FAR = 1 << 40  # metrics of the bare COPY

SIZE = """
SELECT sum(pg_relation_size(inhrelid))::bigint, sum(pg_indexes_size(inhrelid))::bigint
FROM pg_inherits WHERE inhparent = %s::regclass
"""
# A year of days and two months of hours; the roll-ups in between say the same as the real ones.
COPIES = (
    ("monitoring_rollup_1h", "low, mean, high, count, keys, counts", range(1, 4)),
    ("monitoring_rollup_1d", "low, mean, high, count, keys, counts", range(1, 29)),
)
COPIED = """
INSERT INTO {table} (metric_id, at, {columns})
SELECT metric_id, at - %s * interval '1 day', {columns} FROM {table} WHERE at >= %s ON CONFLICT DO NOTHING
"""


def measured(count: int) -> Found:
    at = clock.now()
    moments = int(LENGTH / MINUTE)
    metrics = metrics_named(max(1, count // moments), at)
    found = Found(metrics=len(metrics))
    found.ours, found.bare = _in_turns(at)
    start = floor(at - LENGTH, DAY)
    with connection.cursor() as cursor:  # the product's own tick would roll up half of it meanwhile
        cursor.execute("SELECT pg_advisory_lock(%s)", [rolling.LOCK])
    found.samples, seconds = _loaded(metrics, start, at)
    found.loading = found.samples / seconds
    found.rolling = found.samples / _took(lambda: services.roll_up(at=at))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    found.heap, found.index = (size / found.samples for size in _size("monitoring_sample"))
    tables = [f"monitoring_rollup_{size}" for size in ("5m", "1h", "1d")]
    found.rolled = sum(sum(_size(table)) for table in tables) / found.samples
    _lengthen(start)
    found.charts, found.most = _charted(metrics, at, 1, metric.POINTS, TIMES)
    found.walls, _ = _charted(metrics, at, hosts.CHARTS, hosts.POINTS, WALLS)
    return found


def metrics_named(count: int, at: datetime) -> Sequence[int]:
    named = [Identity.of("bench", n=str(n)) for n in range(count)]
    return list(registering.ids_of(named, at=at).values())


def _in_turns(at: datetime) -> tuple[float, float]:
    """The same rows, once as the product writes them and once as a COPY of what is ready to send."""
    services.make_ahead(at=at)
    ours, bare = list[float](), list[float]()
    for number in range(ROUNDS):
        for base, seconds, write in ((2, ours, services.write_rows), (3, bare, None)):
            rows = [
                Row(base * FAR + number * BATCH + n // 20, at - timedelta(seconds=n % 20), n * 0.37)
                for n in range(ROUND)
            ]
            if write:
                seconds.append(_took(lambda: write(rows, at=at)))  # noqa: B023 - called at once
            else:
                body = sampling.binary(rows)
                seconds.append(_took(lambda: sampling.copied(body)))  # noqa: B023
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE monitoring_sample, monitoring_unrolled")
    of_ours, of_bare = (ROUND * (ROUNDS - 1) / sum(taken[1:]) for taken in (ours, bare))
    return of_ours, of_bare


def _loaded(metrics: Sequence[int], start: datetime, at: datetime) -> tuple[int, float]:
    count, seconds = 0, 0.0
    for rows in batches(metrics, start, at):
        seconds += _took(lambda: services.write_rows(rows, at=at))  # noqa: B023 - called at once
        count += len(rows)
    return count, seconds


def batches(metrics: Sequence[int], start: datetime, at: datetime) -> Iterator[list[Row]]:
    lot, rows, moment = random.Random(7), list[Row](), start  # noqa: S311 - no secret
    level = {metric: lot.uniform(10, 1000) for metric in metrics}
    while moment < at:
        rows += [Row(metric, moment, level[metric] * lot.gauss(1, 0.1)) for metric in metrics]
        moment += MINUTE
        if len(rows) >= BATCH:
            yield rows
            rows = []
    if rows:
        yield rows


def _lengthen(start: datetime) -> None:
    for table, columns, times in COPIES:
        for number in times:
            back = number * LENGTH.days
            resolution = next(one for one, t in partitioning.TABLES.items() if t.name == table)
            partitioning.open_parts(resolution, [start - (back - n) * DAY for n in range(15)])
            with connection.cursor() as cursor:
                cursor.execute(COPIED.format(table=table, columns=columns), [back, start])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _charted(
    metrics: Sequence[int], at: datetime, together: int, points: int, times: int
) -> tuple[dict[str, list[float]], int]:
    """As a page asks: so many metrics together, of so many points at most."""
    lot, most = random.Random(8), 0  # noqa: S311 - no secret
    charts: dict[str, list[float]] = {name: [] for name in LENGTHS}
    for _ in range(times):
        for name, span in LENGTHS.items():
            chosen = lot.sample(metrics, min(together, len(metrics)))
            began = time.perf_counter()
            drawn = courses(chosen, at - span, at, points=points, at=at)
            charts[name].append(time.perf_counter() - began)
            most = max(most, *(len(one.bins) for one in drawn.values()))
    return charts, most


def _size(table: str) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(SIZE, [table])
        heap, index = cursor.fetchone()
    return heap, index


def _took(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measured(int(sys.argv[1])))))

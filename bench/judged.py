"""Inside the product: thousands of judges, a reading each a minute. `python -m bench.judged METRICS` prints JSON.

Each has learned three days of a metric that follows the day. It is taken back; the product's
own judge waits meanwhile.
"""

from __future__ import annotations

import json
import math
import os
import random
import sys
import time
from datetime import datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["BONGSU_METRICS_MAX"] = "1000000"  # ours come beside those of the product

import django

django.setup()

import psutil  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from core import clock  # noqa: E402
from monitoring import services  # noqa: E402
from monitoring.domain.anomalies import Watch  # noqa: E402
from monitoring.domain.samples import Identity, Point  # noqa: E402
from monitoring.judging.memory import newest_line, zone  # noqa: E402
from monitoring.judging.tick import LOCK, Judging  # noqa: E402
from monitoring.models import Metric, MetricState  # noqa: E402

MINUTE, PAST = timedelta(minutes=1), 3 * 1440
KINDS, MINUTES = 5, 4
NAME = "bench_judged"


def measured(metrics: int) -> dict[str, float]:
    """Seconds of the minute in which all judges are made from checkpoints, and of one like any other."""
    at, chance, took = clock.now() - MINUTES * MINUTE, random.Random(1), list[float]()  # noqa: S311
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        _learned(metrics, at, chance)
        before, judging = psutil.Process().memory_info().rss, Judging()
        for minute in range(1, MINUTES + 1):
            now = at + minute * MINUTE
            services.write([_point(n, now, chance) for n in range(metrics)], at=now)
            took.append(_judged(judging, metrics, now))
        held = psutil.Process().memory_info().rss - before
        transaction.set_rollback(True)
    return {"first": took[0], "minute": max(took[1:]), "bytes": held / metrics}


def _learned(metrics: int, at: datetime, chance: random.Random) -> None:
    """A checkpoint for each, of one of five pasts."""
    services.write([_point(n, at, chance) for n in range(metrics)], at=at)
    dumps = [_dump(kind, at, chance) for kind in range(KINDS)]
    line, ours = newest_line(), Metric.objects.filter(name=NAME).values_list("pk", "labels__n")
    MetricState.objects.all().delete()
    MetricState.objects.bulk_create(
        (
            MetricState(metric_id=pk, begun_at=at, journal=line, dump=dumps[int(n) % KINDS])
            for pk, n in ours
        ),
        batch_size=1_000,
    )


def _dump(kind: int, until: datetime, chance: random.Random) -> bytes:
    watch = Watch(zone())
    for before in range(PAST, -1, -1):
        point = _point(kind, until - before * MINUTE, chance)
        watch.take(point.at, point.value)
    return watch.dump()


def _point(number: int, at: datetime, chance: random.Random) -> Point:
    kind = number % KINDS
    daily = kind * math.sin(at.timestamp() % 86_400 / 86_400 * 2 * math.pi)
    return Point(Identity.of(NAME, n=str(number)), at, 100 + daily + chance.gauss(0, 1 + kind / 4))


def _judged(judging: Judging, metrics: int, at: datetime) -> float:
    began = time.perf_counter()
    done = judging.detect(at=at)
    assert done is not None  # noqa: S101 - or nothing was measured
    assert done.judged >= metrics  # noqa: S101
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(int(sys.argv[1]))))

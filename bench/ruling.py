"""Inside the product: thousands of metrics judged by rules. `python -m bench.ruling METRICS RULES` prints JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction  # noqa: E402 - after Django is ready

from core import clock  # noqa: E402
from monitoring import services  # noqa: E402
from monitoring.domain.samples import Identity, Point  # noqa: E402
from monitoring.models import Rule  # noqa: E402
from monitoring.previewing import preview  # noqa: E402

MINUTE, STEP = timedelta(minutes=1), timedelta(seconds=15)
AGGREGATES = ("last", "mean", "max", "percentile")
TICKS, WEEK = 5, 7 * 1440


def measured(metrics: int, rules: int) -> dict[str, list[float]]:
    """Seconds of a tick: each metric judged by one rule, each by all, of silence, and of a week looked back on."""
    at, found = clock.now(), dict[str, list[float]]()
    with transaction.atomic():  # the product's own rules stay out of it, and nothing of it is kept
        Rule.objects.all().delete()
        _write(metrics, rules, at)
        _rules(rules, shared=False)
        found["one"] = _ticks(at)
        Rule.objects.all().delete()
        _rules(rules, shared=True)
        found["all"] = _ticks(at + 2 * MINUTE)
        found["silent"] = _ticks(at + 20 * MINUTE)
        found["week"] = _week(at)
        transaction.set_rollback(True)
    return found


def _write(metrics: int, rules: int, at: datetime) -> None:
    points = [
        Point(
            Identity.of("bench", part=str(n % rules), n=str(n)),
            at - minute * MINUTE,
            (n * 31 + minute * 17) % 100,
        )
        for n in range(metrics)
        for minute in range(10)
    ]
    services.write(points, at=at)


def _rules(count: int, *, shared: bool) -> None:
    Rule.objects.bulk_create(
        Rule(
            name_ko=str(n), name_en=str(n), metric="bench",
            matchers="" if shared else f"part={n}",
            params={"limit": 99.5, "aggregate": AGGREGATES[n % len(AGGREGATES)], "window": 300},
        )
        for n in range(count)
    )  # fmt: skip


def _ticks(at: datetime) -> list[float]:
    services.apply_rules(at=at)  # the first looks an hour back
    took = []
    for number in range(1, TICKS + 1):
        began = time.perf_counter()
        services.apply_rules(at=at + number * STEP)
        took.append(time.perf_counter() - began)
    return took


def _week(at: datetime) -> list[float]:
    """Eight metrics, each minute, as the form shows while a rule is written."""
    points = [
        Point(Identity.of("week", n=str(n)), at - minute * MINUTE, (n * 31 + minute * 17) % 100)
        for n in range(8)
        for minute in range(WEEK)
    ]
    services.write(points, at=at)
    took = []
    for how in AGGREGATES:
        rule = Rule(metric="week", params={"limit": 95, "aggregate": how, "window": 300})
        began = time.perf_counter()
        assert len(preview(rule, at=at).shown) == 8  # noqa: S101 - or nothing was measured
        took.append(time.perf_counter() - began)
    return took


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))

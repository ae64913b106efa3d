"""A minute of 5,000 metrics, all of it: collected over HTTP, stored, judged by rules and by a judge each.

The worker of the product collects and judges, at its own ticks; only what they take is counted, and
not the wait for them. A tick of rules leaves no note of how long it took: it is done once more beside it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from bench.cpu import Meter
from bench.polled import CHECKS, METRICS, WITHIN, collect, polled
from bench.product import Product
from bench.table import Row
from monitoring.domain.anomalies.journal import unpacked

ROUNDS: Final = 3  # the first makes the metrics and their judges, and is not counted
AIM: Final = 10.0
OURS: Final = "SELECT id FROM monitoring_metric WHERE labels->>'check' LIKE 'bench %%' AND %s"
LINES: Final = "SELECT readings, took FROM monitoring_judgedline WHERE at >= %s"


@dataclass(frozen=True)
class Round:
    collecting: float
    rules: float
    judges: float

    @property
    def total(self) -> float:
        return self.collecting + self.rules + self.judges


def measure(product: Product) -> Iterable[Row]:
    with polled(product):
        _round(product)
        with Meter(product.pids) as meter:
            rounds = [_round(product) for _ in range(ROUNDS - 1)]
    worst = max(rounds, key=lambda one: one.total)
    yield Row(
        f"{METRICS:,} metrics of {CHECKS} checks collected, stored and judged",
        f"{worst.total:.1f} s",
        aim=f"≤ {AIM:.0f} s",
    )
    yield Row("· collected and stored, from the first to the last", f"{worst.collecting:.1f} s")
    yield Row("· judged by rules, each by one of ours and by the product's", f"{worst.rules:.2f} s")
    yield Row("· judged by a judge each", f"{worst.judges:.2f} s")
    yield Row(
        "· processor of the worker + PostgreSQL, with all their ticks meanwhile",
        f"{meter.of('worker-sight') / len(rounds):.2f} + {meter.of('postgres') / len(rounds):.2f} s",
    )


def _round(product: Product) -> Round:
    due, collecting = collect(product.database)
    judges = _judged(product, due)
    return Round(collecting, float(product.run("-m", "bench.ticking")), judges)


def _judged(product: Product, due: Any) -> float:
    """Seconds of the ticks that judged what was read since then, once all of it is judged."""
    ours = {pk for (pk,) in product.database.rows(OURS, True)}
    until = time.monotonic() + WITHIN
    while True:
        heard, took = _heard(product.database.rows(LINES, due), ours, due)
        if len(heard) == METRICS:
            return took
        if time.monotonic() > until:
            raise RuntimeError(f"{METRICS - len(heard):,} of {METRICS:,} metrics were not judged")
        time.sleep(0.5)


def _heard(lines: Iterable[tuple[Any, ...]], ours: set[int], due: Any) -> tuple[set[int], float]:
    """Which of our metrics these lines judged, and how long those lines took that judged any."""
    heard, took = set[int](), 0.0
    for readings, seconds in lines:
        theirs = {
            one.metric
            for one in unpacked(bytes(readings))
            if one.metric in ours and one.at >= due and one.value is not None
        }
        heard |= theirs
        took += seconds if theirs else 0.0
    return heard, took

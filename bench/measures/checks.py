"""5,000 metrics a minute: 200 checks that ask a Prometheus for 25 each, all due at once, with one worker.

Everything in the product goes on meanwhile: what is stored is also judged by its rules and detectors.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bench.cpu import Meter
from bench.numbers import ratio
from bench.polled import AWAY, CHECKS, METRICS, collect, polled
from bench.product import Product
from bench.table import Row

ROUNDS: Final = 4  # the first makes the metrics and is not counted
AIM: Final = 10.0


def measure(product: Product) -> Iterable[Row]:
    with polled(product):
        collect(product.database)
        with Meter(product.pids) as meter:
            took = [collect(product.database)[1] for _ in range(ROUNDS - 1)]
    longest, each = max(took), ROUNDS - 1
    yield Row(
        f"{METRICS:,} metrics of {CHECKS} checks collected and stored, from the first to the last",
        f"{longest:.1f} s",
        f"{CHECKS * AWAY:.0f} s one by one",
        ratio(CHECKS * AWAY, longest),
        f"≤ {AIM:.0f} s",
    )
    yield Row(
        "· processor of a round: worker + PostgreSQL",
        f"{meter.of('worker-sight') / each:.2f} + {meter.of('postgres') / each:.2f} s",
    )

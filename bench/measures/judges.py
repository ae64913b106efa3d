"""What a minute of all metrics there may be costs their judges, and what these take of the memory."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bench.product import Product
from bench.table import Row

METRICS = 20_000  # as many as are allowed by default


def measure(product: Product) -> Iterable[Row]:
    said = json.loads(product.run("-m", "bench.judged", str(METRICS)))
    yield Row(
        f"{METRICS:,} metrics judged by a judge each, a minute of them",
        f"{said['minute']:.2f} s",
        f"{said['minute'] / METRICS * 1e6:.0f} µs a reading",
        aim="≤ 10 s",
    )
    yield Row(
        "· by a successor, which first makes them all from checkpoints", f"{said['first']:.1f} s"
    )
    yield Row("· memory of a judge", f"{said['bytes'] / 1000:.0f} kB")

"""How long the tick of rules takes, for each metric one rule or all of them, and a preview of a week."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bench.numbers import milliseconds, percentile
from bench.product import Product
from bench.table import Row

METRICS, RULES = 5_000, 30
WITHIN = 600


def measure(product: Product) -> Iterable[Row]:
    said = json.loads(product.run("-m", "bench.ruling", str(METRICS), str(RULES), timeout=WITHIN))
    for name, took, aim in (
        (f"{METRICS:,} metrics judged, each by one of {RULES} rules", said["one"], "≤ 1 s"),
        (f"· each by all {RULES}: {METRICS * RULES:,} targets", said["all"], "< 15 s"),
        ("· the same, and none of them was heard of lately", said["silent"], "< 15 s"),
        ("a rule over a week of 8 metrics, each minute", said["week"], "≤ 1 s"),
    ):
        yield Row(
            f"{name}, p50 / most",
            f"{milliseconds(percentile(took, 50))} / {milliseconds(max(took))}",
            aim=aim,
        )

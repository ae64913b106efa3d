"""Samples written beside a bare COPY, what one costs on disk, and how fast a chart of them is read.

`BONGSU_BENCH_SAMPLES=100000000 BONGSU_BENCH_SECONDS=7200` is for a quiet machine, and half an hour of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping

from bench.numbers import milliseconds, percentile, ratio
from bench.product import Product
from bench.sampled import Found
from bench.table import Row

COUNT = int(os.environ.get("BONGSU_BENCH_SAMPLES", "2000000"))
WITHIN = 24 * 3600  # the run as a whole has its own end


def measure(product: Product) -> Iterable[Row]:
    said = product.run("-m", "bench.sampling", str(COUNT), timeout=WITHIN)
    found = Found(**json.loads(said))
    yield Row(
        "samples written, 20,000 at once",
        f"{found.ours:,.0f}/s",
        f"{found.bare:,.0f}/s bare COPY",
        ratio(found.ours, found.bare),
    )
    yield Row(
        f"{found.samples:,} samples of {found.metrics:,} metrics, each minute: written",
        f"{found.loading:,.0f}/s",
    )
    yield Row("· rolled up to 5 minutes, hours and days", f"{found.rolling:,.0f}/s")
    yield Row(
        "· bytes a sample: table + index; all roll-ups",
        f"{found.heap:.0f} + {found.index:.0f}; {found.rolled:.0f}",
    )
    yield Row(f"chart of {_named(found.charts)}: p95", _p95(found.charts), aim="p95 < 100 ms each")
    yield Row("· points of a chart, at most", f"{found.most:,}", aim="≤ 1,000")
    yield Row(f"all 60 charts of a host, {_named(found.walls)}: p95", _p95(found.walls))


def _named(charts: Mapping[str, list[float]]) -> str:
    return " / ".join(charts)


def _p95(charts: Mapping[str, list[float]]) -> str:
    return " / ".join(milliseconds(percentile(took, 95)) for took in charts.values())

"""The page of figures over a hundred thousand incidents of five years, beside the plain SQL aggregate."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import Final

from bench.history import Past
from bench.numbers import milliseconds, percentile, ratio
from bench.product import Product
from bench.table import Row
from bench.visitor import Visitor

INCIDENTS: Final = int(os.environ.get("BONGSU_BENCH_FIGURES", "100000"))
TIMES: Final = 40
DAYS: Final = (7, 30, 90, 365)
MOMENTS: Final = (
    "detected_at", "started_at", "acknowledged_at", "mitigated_at", "resolved_at", "resolve_by", "respond_by",
)  # fmt: skip
APART: Final = f"interval '{5 * 365 * 1440 / INCIDENTS} minutes'"  # so that they fill five years
# S608: the names are constants of this file.
SPREAD: Final = (
    "UPDATE incidents_incident SET "  # noqa: S608
    + ", ".join(f"{name} = {name} - number * {APART}" for name in MOMENTS)
    + " WHERE status = 'resolved'"
)
PAGES: Final = f"""
UPDATE notifications_delivery SET created_at = created_at - n, sent_at = sent_at - n FROM (
    SELECT id AS row, split_part(topic, ':', 2)::bigint * {APART} AS n
    FROM notifications_delivery WHERE topic LIKE 'incident:%%'
) AS moved WHERE id = row
"""  # noqa: S608
TAKEN: Final = ("acknowledged_at - detected_at", "mitigated_at - detected_at", "resolved_at - detected_at")  # fmt: skip
PLAIN: Final = (
    "SELECT count(*), "  # noqa: S608
    + ", ".join(
        f"avg({took}), percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY {took})"
        for took in TAKEN
    )
    + " FROM incidents_incident WHERE NOT drill AND merged_into_id IS NULL"
    " AND detected_at >= now() - %s * interval '1 day'"
)


def measure(product: Product) -> Iterable[Row]:
    visitor = Visitor(product)
    Past(product, visitor, product.integration("bench figures")).grow_to(INCIDENTS)
    for statement in (SPREAD, PAGES, "VACUUM ANALYZE"):
        product.database.run(statement)
    for days in DAYS:
        path = f"/figures/?days={days}"
        ours = _p95(visitor.get(path) for _ in range(TIMES))
        plain = _p95(_asked(product, days) for _ in range(TIMES))
        yield Row(
            f"figures of {days} days, {INCIDENTS:,} incidents in 5 years, p95", milliseconds(ours),
            f"{milliseconds(plain)}: SQL's aggregate of the times alone", ratio(ours, plain), "< 200 ms",
        )  # fmt: skip


def _p95(seconds: Iterable[float]) -> float:
    return percentile(seconds, 95)


def _asked(product: Product, days: int) -> float:
    began = time.perf_counter()
    product.database.rows(PLAIN, days)
    return time.perf_counter() - began

"""Alerts processed to the end: incident, timeline and pages written, every alert its own incident."""

from __future__ import annotations

import time
from collections.abc import Iterable

from bench.cpu import Meter
from bench.load import Order, begin
from bench.payloads import Shape
from bench.product import WORKERS, Product
from bench.table import Row

COUNT = 3000
WITHIN = 120.0
GLANCE = 0.1

DONE = """
SELECT count(*) FROM monitoring_alert AS alert JOIN incidents_linkedalert AS link
ON link.alert_id = alert.id WHERE alert.id > %s AND NOT alert.unread
"""
LAST = "SELECT coalesce(max(id), 0) FROM monitoring_alert"
PAGES = "SELECT count(*) FROM notifications_delivery WHERE created_at >= to_timestamp(%s)"
SENT = PAGES + " AND state = 'sent'"


def measure(product: Product) -> Iterable[Row]:
    path = product.integration("bench processed")
    for severity, told in (("P3", "1 page"), ("P1", "4 people × 3 channels")):
        yield from _measure(product, path, severity, told)
        product.database.settle()


def _measure(product: Product, path: str, severity: str, told: str) -> Iterable[Row]:
    shape = Shape(f"pr{severity.lower()}", groups="each", severity=severity)
    last = product.database.one(LAST)
    began = time.time()
    with Meter(product.pids) as meter:
        load = begin(Order(product.port, path, shape, count=COUNT))
        done = _wait_until_done(product, last)
        ended = time.time()
        sent = product.database.one(SENT, began)
    outcome, pages = load.outcome(), product.database.one(PAGES, began)
    seconds = ended - outcome.began
    accepting = outcome.seconds
    yield Row(
        f"{severity}, {told}: fully processed",
        f"{done / seconds:,.0f}/s",
        "OnCall 19/s",
        f"{done / seconds / 19:.0f} ×",
        "≥ 300/s",
    )
    yield Row(
        "· alerts done; accepted within; pages written, sent by then",
        f"{done:,} of {outcome.accepted:,} in {seconds:.1f} s; {accepting:.1f} s; "
        f"{pages:,}, {sent:,}",
    )
    yield Row(
        "· processor an alert: web, PostgreSQL, workers, sandbox",
        ", ".join(
            f"{meter.of(*names) / max(1, done) * 1000:.1f}"
            for names in (("web",), ("postgres",), WORKERS, ("sandbox",))
        )
        + " ms",
        "OnCall 72 ms",
    )


def _wait_until_done(product: Product, last: int) -> int:
    deadline = time.monotonic() + WITHIN
    while (done := int(product.database.one(DONE, last))) < COUNT and time.monotonic() < deadline:
        time.sleep(GLANCE)
    return done

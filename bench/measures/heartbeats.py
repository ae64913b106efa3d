"""Pings of jobs, 16 senders at once, all of one job: the most that they can be in each other's way."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from bench.cpu import Meter
from bench.load import Order, send
from bench.numbers import milliseconds, percentile
from bench.payloads import Shape
from bench.product import Product
from bench.table import Row

SECONDS = 4.0
PEER = "healthchecks 330/s tuned, 104/s by default"
ADD = """INSERT INTO monitoring_heartbeatmonitor
    (key, name, severity, period, grace, cron, time_zone, paused, failing, down)
VALUES (%s, 'bench', 'P3', '1 day', '1 hour', '', 'UTC', false, false, false)"""
KEPT = "SELECT count(*) FROM monitoring_ping"


def measure(product: Product) -> Iterable[Row]:
    key = str(uuid4())
    product.database.run(ADD, key)
    path = f"/ping/{key}"
    send(Order(product.port, path, Shape("warm"), seconds=1.0))
    before = int(product.database.one(KEPT))
    with Meter(product.pids) as meter:
        outcome = send(Order(product.port, path, Shape("ping"), seconds=SECONDS))
    kept = int(product.database.one(KEPT)) - before
    yield Row(
        "pings of one job answered and stored, 16 connections",
        f"{outcome.rate:,.0f}/s",
        PEER,
        aim="≥ 800/s",
    )
    yield Row(
        "· answer p50 / p99",
        f"{milliseconds(percentile(outcome.took, 50))} / {milliseconds(percentile(outcome.took, 99))}",
    )
    yield Row(
        "· not 2xx; stored of accepted",
        f"{outcome.refused}; {kept:,} of {outcome.accepted:,}",
        aim="0; all",
    )
    each = max(1, outcome.accepted) / 1000
    yield Row(
        "· processor a ping: web + PostgreSQL",
        f"{meter.of('web') / each:.2f} + {meter.of('postgres') / each:.2f} ms",
    )

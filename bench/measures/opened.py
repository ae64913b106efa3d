"""A thousand incidents open at once, and fifty people who answer them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.asking import Order, Outcome, begin, request
from bench.cpu import Meter
from bench.load import Order as Load
from bench.load import send
from bench.numbers import median, milliseconds, percentile
from bench.payloads import Shape
from bench.product import WORKERS, Product
from bench.table import Row
from bench.visitor import Visitor

RESPONDERS = 50
SERVICES = 10  # one of each team of five; their alerts come together, as a storm's do
COUNT = 1000
SEVERITY = "P2"
TIMES = 15
WITHIN = 120.0
GLANCE = 0.1

OPEN = "SELECT count(*) FROM incidents_incident WHERE status <> 'resolved'"
PAGES = "SELECT count(*) FROM notifications_delivery WHERE lane = 0"
CALLED = "SELECT count(*) FROM incidents_event WHERE kind = 'next_step'"
NEWEST = "SELECT max(number) FROM incidents_incident"
DUE = "UPDATE incidents_incident SET escalate_at = now() WHERE status = 'triggered'"
ANSWERED = "SELECT count(*) FROM incidents_incident WHERE status = 'acknowledged'"
OF_SERVICE = """
SELECT string_agg(link.incident_id::text, ',' ORDER BY link.incident_id)
FROM incidents_incident_services AS link JOIN teams_service AS service ON service.id = link.service_id
WHERE service.slug = %s
"""
TICK = "incidents.tick"


def measure(product: Product) -> Iterable[Row]:
    crowd = Crowd(**json.loads(product.run("-m", "bench.crowd", "responders", str(RESPONDERS))))
    yield from _open(product, crowd)
    product.database.settle()
    yield from _look(product)
    yield from _call_again(product)
    product.database.settle()
    yield from _answer(product, crowd)
    product.database.settle()


@dataclass(frozen=True)
class Crowd:
    services: Sequence[str]
    tokens: Sequence[str]

    def team_of(self, service: str) -> Sequence[str]:
        size = len(self.tokens) // len(self.services)
        place = self.services.index(service)
        return self.tokens[place * size : (place + 1) * size]


def _open(product: Product, crowd: Crowd) -> Iterable[Row]:
    path = product.integration("bench open")
    shape = Shape("open", "each", SEVERITY, crowd.services)
    with Meter(product.pids) as meter:
        sent = send(Load(product.port, path, shape, connections=4, count=COUNT // SERVICES))
        _wait(product, OPEN, COUNT)
        seconds = time.time() - sent.began
    opened, pages = product.database.one(OPEN), product.database.one(PAGES)
    yield Row(
        f"{COUNT:,} incidents at once, {RESPONDERS} responders in {SERVICES} teams: "
        "open and paged; pages written",
        f"{opened:,} in {seconds:.1f} s; {pages:,}",
        aim="all",
    )
    yield Row(
        "· processor an incident: web, PostgreSQL, workers",
        ", ".join(
            f"{meter.of(*names) / COUNT * 1000:.1f}" for names in (("web",), ("postgres",), WORKERS)
        )
        + " ms",
    )


def _look(product: Product) -> Iterable[Row]:
    visitor, room = Visitor(product), product.database.one(NEWEST)
    pages = {
        "incident list": "/incidents/",
        "incident room": f"/incidents/{room}/",
        "API list": "/api/v1/incidents/",
    }
    seconds = {name: _median_of(visitor, path) for name, path in pages.items()}
    found = json.loads(product.run("-m", "bench.counting", *pages.values()))
    for name, path in (pages | {TICK: TICK}).items():
        cost = found[path]
        yield Row(
            f"· {name} with {COUNT:,} open"
            if name != TICK
            else f"· {TICK} with {COUNT:,} open and nothing due",
            milliseconds(seconds.get(name, cost["seconds"])),
            f"{cost['queries']} queries; processor {milliseconds(cost['processor'])}",
            aim="≤ 50 ms" if name != TICK else "",
        )


def _call_again(product: Product) -> Iterable[Row]:
    """As when ten minutes have passed for all of them, and nobody has answered."""
    with Meter(product.pids) as meter:
        began = time.monotonic()
        product.database.run(DUE)
        _wait(product, CALLED, COUNT)
        seconds = time.monotonic() - began
    called = product.database.one(CALLED)
    yield Row(
        f"· {COUNT:,} clocks due at once: all called again (the tick comes each 5 s)",
        f"{called:,} in {seconds:.1f} s",
        f"workers {meter.of(*WORKERS) / COUNT * 1000:.1f}, "
        f"PostgreSQL {meter.of('postgres') / COUNT * 1000:.1f} ms each",
        aim="all",
    )


def _answer(product: Product, crowd: Crowd) -> Iterable[Row]:
    """Everybody at the same time, one after the other of their own team's."""
    askers = [
        [
            request("POST", f"/api/v1/incidents/{number}/acknowledge/",
                    f"Authorization: Token {token}", "Content-Type: application/json", body="{}")
            for number in numbers
        ]
        for token, numbers in _shares(product, crowd)
    ]  # fmt: skip
    with Meter(product.pids) as meter:
        outcome = begin(Order(product.port, askers)).outcome()
    answered = product.database.one(ANSWERED)
    yield Row(
        f"· {RESPONDERS} people answer {COUNT:,} by the API: p50 / p99; answered, other answers",
        f"{_latency(outcome)}; {answered:,}, {len(outcome.took) - outcome.answers.get('200', 0)}",
        f"{outcome.rate:,.0f}/s; web {meter.of('web') / COUNT * 1000:.1f}, "
        f"PostgreSQL {meter.of('postgres') / COUNT * 1000:.1f} ms each",
        aim="all, 0",
    )


def _shares(product: Product, crowd: Crowd) -> Iterable[tuple[str, Sequence[str]]]:
    for service in crowd.services:
        numbers = product.database.one(OF_SERVICE, service).split(",")
        team = crowd.team_of(service)
        for place, token in enumerate(team):
            yield token, numbers[place :: len(team)]


def _latency(outcome: Outcome) -> str:
    return " / ".join(milliseconds(percentile(outcome.took, each)) for each in (50, 99))


def _median_of(visitor: Visitor, path: str) -> float:
    visitor.get(path)
    return median(visitor.get(path) for _ in range(TIMES))


def _wait(product: Product, counted: str, wanted: int) -> None:
    deadline = time.monotonic() + WITHIN
    while int(product.database.one(counted)) < wanted and time.monotonic() < deadline:
        time.sleep(GLANCE)

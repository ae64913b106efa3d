"""Pages of the portal and the tick, as the past grows: time and queries should not grow with it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from bench.counting import Cost
from bench.history import Past
from bench.numbers import median
from bench.product import Product
from bench.table import Row
from bench.visitor import Visitor

SIZES = (100, 10_000, 100_000)
TIMES = 15
LARGEST = "SELECT max(number) FROM incidents_incident WHERE severity = 'P1'"
TICK = "tick"


@dataclass(frozen=True)
class Seen:
    """What was measured at one size, by the name of the page."""

    seconds: dict[str, float]
    costs: dict[str, Cost]


def measure(product: Product) -> Iterable[Row]:
    visitor = Visitor(product)
    past = Past(product, visitor, product.integration("bench pages"))
    seen = []
    for size in SIZES:
        past.grow_to(size)
        seen.append(_look(product, visitor))
    sizes = " / ".join(f"{size:,}" for size in SIZES)
    for name in seen[0].seconds:
        yield _row(name, f"{name}, at {sizes} incidents", seen, aim="≤ 50 ms, constant")
    yield _row(TICK, f"incidents.tick with nothing to do, at {sizes} incidents", seen)


def _look(product: Product, visitor: Visitor) -> Seen:
    room = product.database.one(LARGEST)
    pages = {
        "incident list": "/incidents/",
        "incident list, searched": "/incidents/?q=%EB%8C%80%EA%B8%B0%EC%97%B4",
        "incident room": f"/incidents/{room}/",
        "API list": "/api/v1/incidents/",
    }
    seconds = {name: _median_of(visitor, path) for name, path in pages.items()}
    found = json.loads(product.run("-m", "bench.counting", *pages.values()))
    costs = {name: Cost(**found[path]) for name, path in (pages | {TICK: TICK}).items()}
    return Seen(seconds, costs)


def _median_of(visitor: Visitor, path: str) -> float:
    visitor.get(path)
    return median(visitor.get(path) for _ in range(TIMES))


def _row(name: str, figure: str, seen: list[Seen], aim: str = "") -> Row:
    times = [each.seconds.get(name, each.costs[name].seconds) for each in seen]
    return Row(
        figure,
        f"{_listed(times)} ms",
        f"{' / '.join(str(each.costs[name].queries) for each in seen)} queries; "
        f"processor {_listed([each.costs[name].processor for each in seen])} ms",
        aim=aim,
    )


def _listed(seconds: Iterable[float]) -> str:
    return " / ".join(f"{each * 1000:,.0f}" for each in seconds)

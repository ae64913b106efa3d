"""Every page and every tick as the past grows, ten times and ten times again: neither should notice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bench.counting import Cost
from bench.history import Past
from bench.numbers import median, ratio
from bench.product import Product
from bench.table import Row
from bench.visitor import Visitor

SIZES: Final = (100, 1_000, 10_000, 100_000)  # incidents, alerts and subscribers; ten samples each
HEADINGS: Final = (
    "page or tick",
    f"time at {' / '.join(f'{size:,}' for size in SIZES)} incidents, alerts and subscribers",
    "queries; processor",
    "last : first",
    "aim",
)
TIMES: Final = 7
QUICK: Final = 0.02  # seconds: a tick that takes less at every size has no row of its own
LARGEST: Final = "SELECT max(number) FROM incidents_incident WHERE severity = 'P1'"
METRIC: Final = "SELECT min(id) FROM monitoring_metric WHERE name = 'bench'"
PAGES: Final = {
    "incident list": "/incidents/",
    "incident list, searched": "/incidents/?q=%EB%8C%80%EA%B8%B0%EC%97%B4",
    "incident list of all time": "/incidents/?period=all",
    "incident room": "/incidents/{room}/",
    "similar incidents": "/incidents/{room}/similar/",
    "API list of incidents": "/api/v1/incidents/",
    "API list of alerts": "/api/v1/alerts/",
    "alerts": "/alerts/",
    "noise": "/alerts/noise/",
    "lights": "/monitoring/",
    "wall": "/monitoring/tv/",
    "metrics": "/monitoring/metrics/",
    "metric, a day": "/monitoring/metrics/{metric}/?range=24h",
    "metric, a year": "/monitoring/metrics/{metric}/?range=1y",
    "hosts": "/monitoring/hosts/",
    "anomalies": "/monitoring/anomalies/",
    "logs": "/monitoring/logs/",
    "energy": "/energy/",
    "actions": "/actions/",
    "on call": "/on-call/",
    "postmortems": "/postmortems/",
    "figures": "/figures/",
    "notices": "/notices/",
    "subscribers": "/notices/subscribers/",
    "public page": "/status/",
    "console: alerts": "/console/monitoring/alert/",
    "console: incidents": "/console/incidents/incident/",
}


@dataclass(frozen=True)
class Seen:
    """What was measured at one size, by the name of the page or of the tick."""

    seconds: Mapping[str, float]
    costs: Mapping[str, Cost]


def measure(product: Product) -> Iterable[Row]:
    visitor = Visitor(product)
    past = Past(product, visitor, product.integration("bench growth"))
    seen = list[Seen]()
    for before, size in pairwise((0, *SIZES)):
        past.grow_to(size)
        product.run("-m", "bench.growing", str(before), str(size))
        seen.append(_look(product, visitor))
    for name in PAGES:
        yield _row(name, seen, aim="≤ 50 ms, constant")
    ticks = sorted(seen[0].costs.keys() - PAGES.keys())
    slow = [name for name in ticks if max(_times(name, seen)) >= QUICK]
    for name in slow:
        yield _row(name, seen, aim="constant")
    yield _others([name for name in ticks if name not in slow], seen)


def _look(product: Product, visitor: Visitor) -> Seen:
    room, metric = product.database.one(LARGEST), product.database.one(METRIC)
    pages = {name: path.format(room=room, metric=metric) for name, path in PAGES.items()}
    seconds = {name: _median_of(visitor, path) for name, path in pages.items()}
    found = json.loads(product.run("-m", "bench.counting", *pages.values()))
    names = {path: name for name, path in pages.items()}
    return Seen(seconds, {names.get(each, each): Cost(**cost) for each, cost in found.items()})


def _median_of(visitor: Visitor, path: str) -> float:
    visitor.get(path)
    return median(visitor.get(path) for _ in range(TIMES))


def _times(name: str, seen: list[Seen]) -> list[float]:
    return [each.seconds.get(name, each.costs[name].seconds) for each in seen]


def _row(name: str, seen: list[Seen], aim: str) -> Row:
    times = _times(name, seen)
    return Row(
        name,
        f"{_listed(times)} ms",
        f"{' / '.join(str(each.costs[name].queries) for each in seen)}; "
        f"{_listed([each.costs[name].processor for each in seen])} ms",
        ratio(times[-1], times[0]),
        aim,
    )


def _others(names: list[str], seen: list[Seen]) -> Row:
    """What each of them takes at most, at each size."""
    most = [max(_times(name, [each])[0] for name in names) for each in seen]
    more = [name for name in names if len({each.costs[name].queries for each in seen}) > 1]
    return Row(
        f"{len(names)} other ticks, the slowest of each size",
        f"{_listed(most)} ms",
        f"queries differ in: {', '.join(more) or 'none'}",
        aim="constant",
    )


def _listed(seconds: Iterable[float]) -> str:
    return " / ".join(f"{each * 1000:,.0f}" for each in seconds)

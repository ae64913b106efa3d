"""From an alert to its page in the sandbox: idle, in a burst, and in the middle of a storm."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.inbox import Receipt
from bench.load import Order, Outcome, begin, send
from bench.numbers import spread
from bench.payloads import KEY_LENGTH, Shape
from bench.product import Product
from bench.table import Row

IDLE, EVERY = 60, 0.5
SMS_IDLE = 20
BURST, BURST_SECONDS = 200, 4.0
STORM, SENDERS = 10_000, 16
PROBES = 180  # at most; one a second for as long as the storm lasts
WITHIN = 60.0
STORM_WITHIN = 120.0

LISTENING = "UPDATE teams_team SET webhook_url = %s WHERE slug IN ('p1', 'p3')"
UNREAD = "SELECT count(*) FROM monitoring_alert WHERE unread"
STORED = "SELECT count(*) FROM monitoring_alert WHERE key LIKE %s"
INCIDENTS = """
SELECT count(DISTINCT incident_id) FROM incidents_linkedalert AS link
JOIN monitoring_alert AS alert ON alert.id = link.alert_id WHERE alert.key LIKE %s
"""


def measure(product: Product) -> Iterable[Row]:
    path = product.integration("bench latency")
    product.database.run(LISTENING, f"http://127.0.0.1:{product.sandbox_port}/webhook/bench")
    yield from _idle(product, path)
    yield from _burst(product, path)
    yield from _storm(product, path)


@dataclass(frozen=True)
class Arrivals:
    """When the first page of each alert of a load arrived, by the alert's place in it."""

    first: dict[int, float]
    outcome: Outcome

    @classmethod
    def of(cls, shape: Shape, outcome: Outcome, receipts: Iterable[Receipt]) -> Arrivals:
        digits = KEY_LENGTH - len(shape.prefix)
        named = re.compile(f"{shape.prefix}([0-9]{{{digits}}})")
        first: dict[int, float] = {}
        for receipt in receipts:
            if key := named.search(receipt.text):
                place = int(key[1])
                first[place] = min(receipt.at, first.get(place, receipt.at))
        return cls(first, outcome)

    @property
    def delays(self) -> list[float]:
        return [at - self.outcome.sent_at(place) for place, at in self.first.items()]

    @property
    def last(self) -> float:
        """Seconds from the load's beginning until the last page."""
        return max(self.first.values(), default=float("nan")) - self.outcome.began


def _pages(
    product: Product, shape: Shape, outcome: Outcome, *, channel: str, since: int
) -> Arrivals:
    def all_here(found: Sequence[Receipt]) -> bool:
        return len(Arrivals.of(shape, outcome, found).first) >= len(outcome.sent)

    found = product.inbox.wait_for(all_here, channel=channel, since=since, within=WITHIN)
    return Arrivals.of(shape, outcome, found)


def _idle(product: Product, path: str) -> Iterable[Row]:
    for severity, count, channel in (("P3", IDLE, "webhook"), ("P1", SMS_IDLE, "sms")):
        shape, since = Shape(f"id{channel[:2]}", "each", severity), product.inbox.last_id()
        outcome = send(Order(product.port, path, shape, count=count, interval=EVERY))
        arrived = _pages(product, shape, outcome, channel=channel, since=since)
        yield Row(
            f"idle, {len(outcome.sent)} alerts, one each {EVERY} s: first {channel} p50/p95/p99/max",
            spread(arrived.delays),
            "OnCall p50 1,160 ms; Alertmanager 1 ms" if channel == "webhook" else "",
            aim="p50 ≤ 100, p99 ≤ 500 ms" if channel == "webhook" else "",
        )


def _burst(product: Product, path: str) -> Iterable[Row]:
    shape, since = Shape("burst", "each"), product.inbox.last_id()
    interval = BURST_SECONDS / BURST
    outcome = send(Order(product.port, path, shape, count=BURST, interval=interval))
    hooks = _pages(product, shape, outcome, channel="webhook", since=since)
    mails = _pages(product, shape, outcome, channel="email", since=since)
    yield Row(
        f"burst of {BURST} alerts in {BURST_SECONDS:.0f} s: all webhooks out (and all mails)",
        f"{hooks.last:.1f} s ({mails.last:.1f} s); {len(hooks.first)} + {len(mails.first)} pages",
        "OnCall 34 s; Alertmanager 4.1 s",
        f"{34 / hooks.last:.1f} ×",
        "≤ 6 s",
    )
    yield Row("· each webhook p50/p95/p99/max", spread(hooks.delays), "OnCall p50 22 s, p95 30 s")


def _storm(product: Product, path: str) -> Iterable[Row]:
    storm = Shape("storm", severity="P1")
    probe = Shape("probe", "each")
    since = product.inbox.last_id()
    probes = begin(Order(product.port, path, probe, connections=2, count=PROBES, interval=1.0))
    flood = send(Order(product.port, path, storm, connections=SENDERS, count=STORM))
    _wait_until_read(product)
    calm = time.time() - flood.began
    asked = probes.stop()
    arrived = _pages(product, probe, asked, channel="webhook", since=since)
    counted = {
        channel: sum(
            "storm0" in page.text for page in product.inbox.received(channel=channel, since=since)
        )
        for channel in ("sms", "slack", "email", "webhook")
    }
    stored = product.database.one(STORED, "storm%")
    incidents = product.database.one(INCIDENTS, "storm%")
    yield Row(
        f"storm of {STORM:,} alerts of one group, {SENDERS} senders: accepted, refused, stored",
        f"{flood.accepted:,}, {flood.refused:,}, {stored:,} in {flood.seconds:.1f} s",
        "OnCall refused 50 of 350",
        aim="all, 0, all",
    )
    yield Row(
        "· all read after; incidents; pages sent of it",
        f"{calm:.1f} s; {incidents}; {sum(counted.values())} "
        f"({', '.join(f'{channel} {count}' for channel, count in counted.items())})",
        aim="1; one a person and channel",
    )
    yield Row(
        f"· another alert's page meanwhile, {len(arrived.first)} of {len(asked.sent)} probes: "
        "p50/p95/p99/max",
        spread(arrived.delays),
        aim="≤ 5,000 ms",
    )


def _wait_until_read(product: Product) -> None:
    deadline = time.monotonic() + STORM_WITHIN
    while product.database.one(UNREAD) and time.monotonic() < deadline:
        time.sleep(0.1)

"""Alerts accepted and stored, 16 senders at once, beside a bare view that inserts one row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench import ceiling
from bench.cpu import Meter
from bench.load import Order, Outcome, send
from bench.numbers import milliseconds, percentile, ratio
from bench.payloads import Shape
from bench.product import WORKERS, Product
from bench.table import Row

SECONDS = 4.0
ROUNDS = 2  # of each, alternating, so that a machine that gets slower does so for both
PEER = "OnCall 490/s"

COUNTS = {
    "distinct": "SELECT count(*) FROM monitoring_alert WHERE key LIKE %s",
    "repeated": "SELECT sum(count) FROM monitoring_alert WHERE key LIKE %s",
    "bare": "SELECT count(*) FROM bench_bare WHERE body->'alerts'->0->>'fingerprint' LIKE %s",
}


@dataclass(frozen=True)
class Round:
    outcome: Outcome
    stored: int
    meter: Meter


@dataclass(frozen=True)
class Total:
    """Rounds of one kind, added up."""

    rounds: tuple[Round, ...]

    @property
    def accepted(self) -> int:
        return sum(one.outcome.accepted for one in self.rounds)

    @property
    def refused(self) -> int:
        return sum(one.outcome.refused for one in self.rounds)

    @property
    def stored(self) -> int:
        return sum(one.stored for one in self.rounds)

    @property
    def rate(self) -> float:
        return self.accepted / sum(one.outcome.seconds for one in self.rounds)

    @property
    def sender_share(self) -> float:
        return sum(one.outcome.cpu for one in self.rounds) / sum(
            one.outcome.seconds for one in self.rounds
        )

    def latency(self, percent: float) -> str:
        return milliseconds(
            percentile((took for one in self.rounds for took in one.outcome.took), percent)
        )

    def cpu(self, *names: str) -> float:
        """Seconds of processor for each alert."""
        return sum(one.meter.of(*names) for one in self.rounds) / max(1, self.accepted)


def measure(product: Product) -> Iterable[Row]:
    path = product.integration("bench ingest")
    with ceiling.running(product) as bare:
        found = {kind: _alternate(product, bare, path, kind) for kind in ("distinct", "repeated")}
    for kind, (ours, theirs) in found.items():
        yield from _rows(kind, ours, theirs)


def _alternate(
    product: Product, bare: ceiling.Ceiling, path: str, kind: str
) -> tuple[Total, Total]:
    ours, theirs = [], []
    for number in range(-1, ROUNDS):  # the first warms both up and is not counted
        theirs.append(_round(product, bare, ceiling.PATH, "bare", f"b{kind[0]}{number + 1}"))
        ours.append(_round(product, bare, path, kind, f"o{kind[0]}{number + 1}"))
    return Total(tuple(ours[1:])), Total(tuple(theirs[1:]))


def _round(product: Product, bare: ceiling.Ceiling, path: str, kind: str, prefix: str) -> Round:
    shape = Shape(prefix, groups="same" if kind == "repeated" else "one")
    port = bare.port if kind == "bare" else product.port
    seconds = 1.0 if prefix.endswith("0") else SECONDS
    with Meter(product.pids | {"bare": bare.pid}) as meter:
        outcome = send(Order(port, path, shape, seconds=seconds))
    stored = int(product.database.one(COUNTS[kind], f"{prefix}%") or 0)
    product.database.settle()
    return Round(outcome, stored, meter)


def _rows(kind: str, ours: Total, bare: Total) -> Iterable[Row]:
    yield Row(
        f"{kind} alerts accepted and stored, 16 connections",
        f"{ours.rate:,.0f}/s",
        f"{bare.rate:,.0f}/s bare insert; {PEER}",
        ratio(ours.rate, bare.rate),
        "≥ 1,000/s, ≥ 65 %",
    )
    yield Row(
        "· answer p50 / p99",
        f"{ours.latency(50)} / {ours.latency(99)}",
        f"{bare.latency(50)} / {bare.latency(99)}",
    )
    yield Row(
        "· not 2xx; stored of accepted",
        f"{ours.refused}; {ours.stored:,} of {ours.accepted:,}",
        f"{bare.refused}; {bare.stored:,} of {bare.accepted:,}",
        aim="0; all",
    )
    mine, theirs = ours.cpu("web", "postgres"), bare.cpu("bare", "postgres")
    yield Row(
        "· processor an alert: web + PostgreSQL",
        f"{ours.cpu('web') * 1000:.2f} + {ours.cpu('postgres') * 1000:.2f} ms",
        f"{bare.cpu('bare') * 1000:.2f} + {bare.cpu('postgres') * 1000:.2f} ms",
        ratio(theirs, mine),
    )
    yield Row(
        "· processor an alert: workers, sandbox; the sender's share of a core",
        f"{ours.cpu(*WORKERS) * 1000:.2f}, {ours.cpu('sandbox') * 1000:.2f} ms; "
        f"{ours.sender_share:.0%}",
        f"sender {bare.sender_share:.0%}",
    )

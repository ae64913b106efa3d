"""One incident's room, polled by many as its page does: mostly nothing has changed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass

from bench import ceiling
from bench.asking import VERSION, Order, Outcome, begin, request
from bench.cpu import Meter
from bench.load import Order as Load
from bench.load import send
from bench.numbers import milliseconds, percentile, ratio
from bench.payloads import Shape
from bench.product import Product
from bench.table import Row
from bench.visitor import Visitor

VIEWERS = 200
EVERY = 3.0  # seconds between two polls of one viewer, as the page has it
WATCHED = 20.0
CONNECTIONS = 16
FLAT_OUT = 4.0
ROUNDS = 2  # of each, alternating
WRITES_EVERY = 4.0  # seconds between two events while it is watched

INCIDENT = "SELECT max(number) FROM incidents_incident"
SHOWN = "SELECT timeline_length || '.' || unsaid FROM incidents_incident WHERE number = %s"
NOTE = '{"text": "대기열을 보고 있어요. 작업자 둘이 멈춰 있어요."}'


def measure(product: Product) -> Iterable[Row]:
    room = Room.opened(product)
    watched = room.watched(room.cookies, seconds=WATCHED, interval=EVERY, named="web")
    yield from _rows(f"room, {VIEWERS} viewers, a poll each {EVERY:.0f} s", watched)
    with ceiling.running(product) as bare:
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(_flat_out_bare(product, bare))
            ours.append(room.watched(room.cookies[:CONNECTIONS], seconds=FLAT_OUT, named="web"))
    yield from _compared(ours, theirs)
    yield room.cost()


@dataclass(frozen=True)
class Watched:
    outcome: Outcome
    web: float  # seconds of processor
    database: float
    events: int

    @property
    def web_each(self) -> float:
        return self.web / max(1, len(self.outcome.took))

    @property
    def database_each(self) -> float:
        return self.database / max(1, len(self.outcome.took))


@dataclass(frozen=True)
class Room:
    product: Product
    visitor: Visitor
    number: int
    cookies: list[str]

    @classmethod
    def opened(cls, product: Product) -> Room:
        shape = Shape("room", "each", "P2")
        send(Load(product.port, product.integration("bench room"), shape, count=1))
        product.database.settle()
        made = json.loads(product.run("-m", "bench.crowd", "viewers", str(VIEWERS)))
        number = product.database.one(INCIDENT)
        return cls(product, Visitor(product), number, made["cookies"])

    @property
    def version(self) -> str:
        return str(self.product.database.one(SHOWN, self.number))

    def watched(
        self, cookies: list[str], *, seconds: float, interval: float = 0.0, named: str
    ) -> Watched:
        """While it is, something happens every few seconds."""
        path = f"/incidents/{self.number}/live/?v={VERSION}&show=all"
        askers = [[request("GET", path, f"Cookie: {one}", "HX-Request: true")] for one in cookies]
        order = Order(self.product.port, askers, seconds, interval, self.version)
        events = 0
        with Meter(self.product.pids) as meter:
            going, due = begin(order), time.monotonic() + WRITES_EVERY / 2
            while not going.is_over:
                if time.monotonic() >= due:
                    self.visitor.post(f"/api/v1/incidents/{self.number}/notes/", NOTE)
                    events, due = events + 1, due + WRITES_EVERY
                time.sleep(0.05)
        return Watched(going.outcome(), meter.of(named), meter.of("postgres"), events)

    def cost(self) -> Row:
        """Inside one process, as the pages' are counted."""
        path = f"/incidents/{self.number}/live/"
        paths = {"unchanged": f"{path}?v={self.version}", "changed": f"{path}?v=0.0"}
        found = json.loads(self.product.run("-m", "bench.counting", *paths.values()))
        still, moved = found[paths["unchanged"]], found[paths["changed"]]
        return Row(
            "· one poll inside a process, unchanged / changed and written already",
            f"{milliseconds(still['seconds'])} / {milliseconds(moved['seconds'])}",
            f"{still['queries']} / {moved['queries']} queries; processor "
            f"{milliseconds(still['processor'])} / {milliseconds(moved['processor'])}",
        )


def _flat_out_bare(product: Product, bare: ceiling.Ceiling) -> Watched:
    askers = [[request("GET", ceiling.UNCHANGED)]] * CONNECTIONS
    with Meter({"bare": bare.pid, "postgres": product.pids["postgres"]}) as meter:
        outcome = begin(Order(bare.port, askers, FLAT_OUT)).outcome()
    return Watched(outcome, meter.of("bare"), meter.of("postgres"), 0)


def _rows(figure: str, watched: Watched) -> Iterable[Row]:
    outcome = watched.outcome
    yield Row(
        f"{figure}: answered; answer p50 / p95",
        f"{outcome.rate:,.0f}/s; {_latency([outcome])}",
        aim=f"{VIEWERS / EVERY:.0f}/s; p95 ≤ 50 ms",
    )
    yield Row(
        "· unchanged (204); events meanwhile; other than 200 and 204",
        f"{outcome.share('204'):.1%}; {watched.events}; {_odd([outcome])}",
        aim="0 others",
    )
    yield Row(
        "· processor a poll: web + PostgreSQL",
        f"{milliseconds(watched.web_each)} + {milliseconds(watched.database_each)}",
    )


def _compared(ours: list[Watched], theirs: list[Watched]) -> Iterable[Row]:
    mine, bare = ([each.outcome for each in rounds] for rounds in (ours, theirs))
    yield Row(
        f"room, {CONNECTIONS} connections, as fast as it answers",
        f"{_rate(mine):,.0f}/s",
        f"{_rate(bare):,.0f}/s bare 204 after one query",
        ratio(_rate(mine), _rate(bare)),
    )
    yield Row("· answer p50 / p95", _latency(mine), _latency(bare))
    yield Row(
        "· unchanged (204); other than 200 and 204",
        f"{_unchanged(mine):.1%}; {_odd(mine)}",
        f"{_unchanged(bare):.1%}; {_odd(bare)}",
        aim="0 others",
    )
    yield Row("· processor a poll: web + PostgreSQL", _cpu(ours), _cpu(theirs))


def _rate(rounds: list[Outcome]) -> float:
    return sum(len(each.took) for each in rounds) / sum(each.seconds for each in rounds)


def _latency(rounds: list[Outcome]) -> str:
    took = [each for one in rounds for each in one.took]
    return f"{milliseconds(percentile(took, 50))} / {milliseconds(percentile(took, 95))}"


def _unchanged(rounds: list[Outcome]) -> float:
    asked = sum(len(each.took) for each in rounds)
    return sum(each.answers.get("204", 0) for each in rounds) / max(1, asked)


def _odd(rounds: list[Outcome]) -> int:
    return sum(
        count
        for each in rounds
        for status, count in each.answers.items()
        if status not in {"200", "204"}
    )


def _cpu(rounds: list[Watched]) -> str:
    asked = max(1, sum(len(each.outcome.took) for each in rounds))
    web, database = sum(each.web for each in rounds), sum(each.database for each in rounds)
    return f"{milliseconds(web / asked)} + {milliseconds(database / asked)}"

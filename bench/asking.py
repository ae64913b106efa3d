"""Many who ask at once, each on a kept connection: a process of its own, as `bench.load` is.

`python -m bench.asking` reads an Order as JSON and answers with an Outcome. Each asker has its
requests, one after the other; one that polls has a single request, and asks it again and again with
the version that it was last shown.
"""

from __future__ import annotations

import json
import re
import selectors
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from bench.going import Going
from bench.load import SILENCE, Line

VERSION = "@version@"
SHOWN = re.compile(rb"\?v=([0-9.]+)")


@dataclass(frozen=True)
class Order:
    """`seconds` for those who poll, one poll each `interval` or as fast as answers come."""

    port: int
    askers: Sequence[Sequence[str]]  # the requests of each
    seconds: float = 0.0
    interval: float = 0.0
    version: str = ""


@dataclass
class Outcome:
    began: float = 0.0  # seconds since 1970
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)  # by status
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    def share(self, status: str) -> float:
        return self.answers.get(status, 0) / max(1, len(self.took))


def begin(order: Order) -> Going[Outcome]:
    return Going("bench.asking", order, Outcome)


def request(method: str, path: str, *headers: str, body: str = "") -> str:
    length = [f"Content-Length: {len(body.encode())}"] if method == "POST" else []
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, *length]
    return "\r\n".join(head) + "\r\n\r\n" + body


class Asker:
    def __init__(self, order: Order, requests: Sequence[str], due: float) -> None:
        self.line = Line(order.port)
        self.version, self.due = order.version, due
        self.polls = bool(order.seconds)
        self.requests = list(requests)
        self.waits = False

    def ask(self) -> None:
        words = self.requests[0] if self.polls else self.requests.pop(0)
        self.line.ask(words.replace(VERSION, self.version).encode())
        self.waits = True

    def hear(self) -> str | None:
        """The status, once the whole answer is here."""
        if self.line.listen() is None:
            return None
        self.waits, said = False, self.line.said
        if shown := SHOWN.search(said):
            self.version = shown[1].decode()
        return said[9:12].decode() or "none"


class Crowd:
    """Polls are spread over the interval, as people's are who opened the page at different times."""

    def __init__(self, order: Order) -> None:
        self.order, self.start = order, time.monotonic()
        step = order.interval / len(order.askers)
        self.poll = selectors.DefaultSelector()
        self.askers = [
            Asker(order, requests, self.start + place * step)
            for place, requests in enumerate(order.askers)
        ]
        for asker in self.askers:
            self.poll.register(asker.line.sock, selectors.EVENT_READ, asker)
        self.took: list[float] = []
        self.answers = Counter[str]()

    def run(self) -> Outcome:
        began, heard = time.time(), time.monotonic()
        while self._ask() or any(asker.waits for asker in self.askers):
            found = self.poll.select(0.005)
            for key, _ in found:
                self._hear(key.data)
            heard = time.monotonic() if found else heard
            if time.monotonic() - heard > SILENCE:
                break
        seconds = time.monotonic() - self.start
        return Outcome(began, seconds, self.took, dict(self.answers), time.process_time())

    def _ask(self) -> bool:
        """Whether there is more to come."""
        now, over = time.monotonic(), self._is_over()
        for asker in self.askers:
            if not asker.waits and asker.requests and now >= asker.due and not over:
                asker.ask()
        return not over

    def _is_over(self) -> bool:
        if self.order.seconds:
            return time.monotonic() - self.start > self.order.seconds
        return not any(asker.requests for asker in self.askers)

    def _hear(self, asker: Asker) -> None:
        status = asker.hear()
        if status is None:
            return
        now = time.monotonic()
        self.took.append(now - asker.line.asked)
        self.answers[status] += 1
        asker.due = max(now, asker.line.asked + self.order.interval)
        if asker.line.sock.fileno() < 0:  # hung up
            self.poll.unregister(asker.line.sock)
            asker.line.connect()
            self.poll.register(asker.line.sock, selectors.EVENT_READ, asker)


def main() -> None:
    json.dump(asdict(Crowd(Order(**json.load(sys.stdin))).run()), sys.stdout)


if __name__ == "__main__":
    main()

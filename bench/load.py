"""The sender of alerts: a process of its own, so that its work is not mistaken for the server's.

`python -m bench.load` reads an Order as JSON and answers with an Outcome.
"""

from __future__ import annotations

import json
import selectors
import signal
import socket
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field

from bench.going import Going
from bench.payloads import Shape

SILENCE = 15.0  # seconds without any answer after which a load is over


@dataclass(frozen=True)
class Order:
    """`count` alerts, or as many as `seconds` allow; one each `interval`, or as fast as answers come."""

    port: int
    path: str
    shape: Shape
    connections: int = 16
    count: int = 0
    seconds: float = 0.0
    interval: float = 0.0


@dataclass
class Outcome:
    began: float = 0.0  # seconds since 1970
    seconds: float = 0.0
    sent: list[float] = field(default_factory=list)  # seconds after the beginning, by place
    took: list[float] = field(default_factory=list)  # of each answer
    accepted: int = 0
    refused: int = 0  # any answer but a 2xx, or none
    cpu: float = 0.0  # seconds this process used

    @property
    def rate(self) -> float:
        return self.accepted / self.seconds

    def sent_at(self, place: int) -> float:
        return self.began + self.sent[place]


def begin(order: Order) -> Going[Outcome]:
    return Going("bench.load", order, Outcome)


def send(order: Order) -> Outcome:
    return begin(order).outcome()


class Line:
    """One kept connection with at most one request on its way."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connect()

    def connect(self) -> None:
        self.sock = socket.create_connection(("127.0.0.1", self.port), timeout=SILENCE)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.heard = self.said = b""
        self.asked = 0.0

    def ask(self, request: bytes) -> None:
        self.asked = time.monotonic()
        self.sock.sendall(request)

    def listen(self) -> bool | None:
        """Whether it was a 2xx, once the whole answer is here."""
        try:
            news = self.sock.recv(65536)
        except OSError:
            news = b""
        if not news:
            self.sock.close()
            return False
        self.heard += news
        if not is_whole(self.heard):
            return None
        self.said, self.heard = self.heard, b""
        return self.said[9:10] == b"2"


def is_whole(answer: bytes) -> bool:
    """Of known length, or in chunks: granian sends those where Django does not count."""
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    if b"chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    _, named, rest = head.lower().partition(b"content-length:")
    return len(body) >= (int(rest.split(b"\r\n", 1)[0]) if named else 0)


class Sender:
    def __init__(self, order: Order) -> None:
        self.order, self.outcome = order, Outcome()
        self.pieces = order.shape.request(order.path)
        self.poll = selectors.DefaultSelector()
        self.free: deque[Line] = deque()
        self.stopped = False
        for _ in range(order.connections):
            self._take_up(Line(order.port))

    def run(self) -> Outcome:
        self.outcome.began, self.start = time.time(), time.monotonic()
        heard = self.start
        while self._is_wanted() or len(self.free) < self.order.connections:
            self._send_what_is_due()
            if self._hear():
                heard = time.monotonic()
            elif time.monotonic() - heard > max(SILENCE, self.order.interval * 2):
                self.outcome.refused += self.order.connections - len(self.free)
                break
        self.outcome.seconds = time.monotonic() - self.start
        self.outcome.cpu = time.process_time()
        return self.outcome

    def stop(self, *_: object) -> None:
        self.stopped = True

    def _is_wanted(self) -> bool:
        if self.stopped:
            return False
        if self.order.count:
            return len(self.outcome.sent) < self.order.count
        return time.monotonic() - self.start < self.order.seconds

    def _due(self) -> float:
        return self.start + len(self.outcome.sent) * self.order.interval

    def _send_what_is_due(self) -> None:
        while self.free and self._is_wanted() and time.monotonic() >= self._due():
            key = self.order.shape.key(len(self.outcome.sent)).encode()
            line = self.free.popleft()
            line.ask(key.join(self.pieces))
            self.outcome.sent.append(line.asked - self.start)

    def _hear(self) -> bool:
        wait = self._due() - time.monotonic() if self.free and self._is_wanted() else 1.0
        found = self.poll.select(min(1.0, max(0.0, wait)))
        for key, _ in found:
            self._note(key.data)
        return bool(found)

    def _note(self, line: Line) -> None:
        fine = line.listen()
        if fine is None:
            return
        self.outcome.took.append(time.monotonic() - line.asked)
        self.outcome.accepted += fine
        self.outcome.refused += not fine
        if line.sock.fileno() < 0:  # hung up
            self.poll.unregister(line.sock)
            line.connect()
            self._take_up(line)
        else:
            self.free.append(line)

    def _take_up(self, line: Line) -> None:
        self.poll.register(line.sock, selectors.EVENT_READ, line)
        self.free.append(line)


def main() -> None:
    given = json.load(sys.stdin)
    sender = Sender(Order(shape=Shape(**given.pop("shape")), **given))
    signal.signal(signal.SIGTERM, sender.stop)
    json.dump(asdict(sender.run()), sys.stdout)


if __name__ == "__main__":
    main()

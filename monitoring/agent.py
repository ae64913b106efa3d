"""Measures a host that the portal cannot see, and pushes what it measured.

Two threads: one measures on its own clock whatever the network does, one sends what lies in the
buffer, the oldest first. The buffer is a folder with a file for each round, so that a killed agent
goes on where it was; the portal keeps the first of what is sent twice.
"""

import gzip
import logging
import random
import signal
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from integrations import http
from monitoring.buffering import Buffer, Entry
from monitoring.crew import Board, Crew
from monitoring.domain.checks import Job, Outcome, points_of
from monitoring.domain.exposition import written
from monitoring.domain.samples import Identity, Point
from monitoring.registry import collectors

log = logging.getLogger(__name__)

AT_ONCE: Final = 16
MOST_HANGING: Final = 8
SEND_WITHIN: Final = 20.0  # seconds
LAST_TRY: Final = 3.0  # seconds, when it is told to end
LONGEST_WAIT: Final = 60.0  # between two tries while the portal is away
TOGETHER: Final = 400_000  # packed bytes in one request; the portal takes 512 KB
NEVER: Final = {400, 413, 422}  # the portal understood it and will never take it


@dataclass(frozen=True)
class Look:
    """Something the agent reads every so often."""

    name: str
    collector: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = 10.0


class Rounds(Board):
    """All looks are due together, on a grid that no change of the clock moves."""

    def __init__(
        self, looks: Sequence[Look], buffer: Buffer, *, every: float, host: str, service: str = ""
    ) -> None:
        self.looks, self.buffer, self.every = looks, buffer, every
        self.host, self.service = host, service
        self.held: set[int] = set()
        self._due = time.monotonic()

    @property
    def wait(self) -> float:
        return max(0.0, self._due - time.monotonic())

    def claim(self, limit: int) -> Sequence[Job]:
        if self.wait:
            return []
        self._due += self.every * (1 + (time.monotonic() - self._due) // self.every)
        at = datetime.now(UTC)
        return [
            Job(
                key, look.name, look.collector, look.settings, min(look.timeout, self.every), at,
                host=self.host, service=self.service, kind=collectors[look.collector].kind,
            )
            for key, look in enumerate(self.looks)
            if key not in self.held
        ]  # fmt: skip

    def note(self, done: Sequence[tuple[Job, Outcome]]) -> None:
        points: list[Point] = []
        for job, outcome in done:
            found, faults = points_of(job, outcome)
            points += found
            for fault in filter(None, [outcome.error, *faults]):
                log.warning("%s: %s", job.name, fault)
        self.held |= {job.check for job, outcome in done if outcome.state == "hanging"}
        points += self._about_itself(done[0][0].at)
        self.buffer.add(gzip.compress(written(points).encode(), 6, mtime=0), len(points))

    def hold(self, checks: Collection[int]) -> None:
        self.held |= set(checks)

    def release(self, checks: Collection[int]) -> None:
        self.held -= set(checks)

    def _about_itself(self, at: datetime) -> list[Point]:
        values = {"agent_waiting_bytes": self.buffer.bytes, "agent_dropped": self.buffer.dropped}
        return [
            Point(Identity(name, {"host": self.host}, kind="system"), at, float(value))
            for name, value in values.items()
        ]


class Courier:
    """Brings the portal what lies in the buffer, in order, for as long as it takes."""

    def __init__(self, address: str, buffer: Buffer) -> None:
        self.address, self.buffer = address, buffer
        self.singly, self.failures = False, 0

    def run(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            if not self.buffer.wait(1.0):
                continue
            try:
                fine = self.deliver()
            except Exception:  # the buffer is still there
                log.exception("sending failed in an unexpected way")
                fine = False
            self.failures = 0 if fine else self.failures + 1
            if not fine:
                stopped.wait(self._pause())

    def deliver(self, *, seconds: float = SEND_WITHIN) -> bool:
        """False: try again later."""
        entries, body = self.buffer.first(1 if self.singly else TOGETHER)
        if not entries:
            return True
        headers = {"Content-Type": "text/plain; version=0.0.4", "Content-Encoding": "gzip"}
        try:
            answer = http.call(
                "POST", self.address, headers=headers, body=body, seconds=seconds, trusted=True
            )
        except http.Unreachable as error:
            log.warning("the portal is away (%s); %s bytes wait", error, self.buffer.bytes)
            return False
        return self._settled(entries, answer)

    def _settled(self, entries: Sequence[Entry], answer: http.Answer) -> bool:
        said = answer.body[:200].decode(errors="replace")
        if answer.ok:
            self.singly = False
            self.buffer.sent(entries)
        elif answer.status in NEVER and len(entries) > 1:
            self.singly = True  # one of them spoils the rest: which, is found out one by one
        elif answer.status in NEVER:
            log.error("refused for good and dropped: %s %s", answer.status, said)
            self.buffer.drop(entries)
        else:
            log.warning(
                "not taken now: %s %s; %s bytes wait", answer.status, said, self.buffer.bytes
            )
            return False
        return True

    def _pause(self) -> float:
        return min(LONGEST_WAIT, 2.0 ** min(self.failures, 10)) * random.uniform(0.8, 1.2)  # noqa: S311


def run(rounds: Rounds, courier: Courier) -> int:
    """Until it is told to end; what could not be sent by then is sent by the next one."""
    stopped, worn = threading.Event(), threading.Event()

    def retire() -> None:
        log.error("too many collectors hang: the agent ends, to be started afresh")
        worn.set()
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_told: stopped.set())
    crew = Crew(rounds, at_once=AT_ONCE, most_hanging=MOST_HANGING, retire=retire)
    sending = threading.Thread(target=courier.run, args=[stopped], name="courier", daemon=True)
    sending.start()
    while not stopped.is_set():
        try:
            busy = crew.round()
        except Exception:  # such as a disk that cannot be written: the next round may do better
            log.exception("a round failed")
            busy = False
        if not busy:
            stopped.wait(min(1.0, rounds.wait))
    sending.join(SEND_WITHIN)
    courier.deliver(seconds=LAST_TRY)
    return 1 if worn.is_set() else 0

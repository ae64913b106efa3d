"""Somebody outside who writes all the time by whichever server takes writes, and remembers what was confirmed to him.

He knows nothing of what the portal measures: how long no write came through, and what was confirmed and is gone.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import psycopg2

from integrations.postgresql import plain_session

EVERY: Final = 0.02  # seconds between two writes
TABLE: Final = "CREATE TABLE moves (number bigint PRIMARY KEY, sun numeric(30) NOT NULL)"
WRITE: Final = "INSERT INTO moves VALUES (%s, 1000000)"


@dataclass
class Observer:
    dsns: list[str]
    confirmed: list[tuple[int, float]] = field(default_factory=list)  # number and moment
    _ended: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        number, session = 0, self._connected()
        while not self._ended.wait(EVERY):
            number += 1
            try:
                session = session or self._connected()
                session.cursor().execute(WRITE, [number])
                self.confirmed.append((number, time.monotonic()))
            except psycopg2.Error:
                session = None  # closed with its last name

    def end(self) -> None:
        self._ended.set()

    def _connected(self) -> Any:
        """As an application does it that knows both servers."""
        ways = [psycopg2.extensions.parse_dsn(one) for one in self.dsns]
        many = {name: ",".join(str(one[name]) for one in ways) for name in ("host", "port")}
        found = psycopg2.connect(
            **many, user=ways[0]["user"], password=ways[0]["password"], dbname="postgres",
            target_session_attrs="read-write", connect_timeout=2,
        )  # fmt: skip
        found.autocommit = True
        return found

    @property
    def silence(self) -> tuple[float, float]:
        """The longest time without a confirmed write: how long, and when it began."""
        moments = [moment for _number, moment in self.confirmed]
        longest, began = max((after - before, before) for before, after in pairwise(moments))
        return longest, began

    def lost(self, dsn: str) -> tuple[int, float]:
        """Of what was confirmed: how many are gone, and over how much time they were written."""
        with plain_session(dsn, seconds=60) as asked:
            there = {int(one) for (one,) in asked.rows("SELECT number FROM moves")}
        gone = [moment for number, moment in self.confirmed if number not in there]
        if not gone:
            return 0, 0.0
        kept = [
            moment for number, moment in self.confirmed if number in there and moment < min(gone)
        ]
        return len(gone), max(gone) - max(kept, default=min(gone))


@contextmanager
def observer(dsns: list[str]) -> Iterator[Observer]:
    with plain_session(dsns[0], seconds=30) as asked:
        asked.execute(TABLE)
    found = Observer(dsns)
    hand = threading.Thread(target=found.write, daemon=True)
    hand.start()
    try:
        yield found
    finally:
        found.end()
        hand.join(30)

"""Somebody who uses the application all the while: a few requests a second, each counted."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from integrations import http

HANDS: Final = 4
REST: Final = 0.2  # seconds between two requests of one hand: twenty a second in all


@dataclass
class Load:
    url: str
    answered: int = 0
    failed: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def ask(self) -> None:
        while not self._ended.wait(REST):
            fault = self._fault()
            with self._guard:
                if fault:
                    self.failed.append(fault)
                else:
                    self.answered += 1

    def _fault(self) -> str:
        try:
            answer = http.call("GET", self.url, seconds=10.0, trusted=True)
        except http.Unreachable as error:
            return str(error)
        return "" if answer.ok else f"HTTP {answer.status}"

    def end(self) -> None:
        self._ended.set()

    def __str__(self) -> str:
        return f"{self.answered + len(self.failed)} requests, {len(self.failed)} failed"


@contextmanager
def light_load(url: str) -> Iterator[Load]:
    load = Load(url)
    hands = [threading.Thread(target=load.ask, daemon=True) for _hand in range(HANDS)]
    for hand in hands:
        hand.start()
    try:
        yield load
    finally:
        load.end()
        for hand in hands:
            hand.join()

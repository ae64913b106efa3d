"""A sender of alerts that does what real ones do: it goes on until each was accepted."""

import itertools
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx2

SENDERS = 8
AGAIN_AFTER = 0.3
NO_ANSWER = 0


@dataclass(frozen=True)
class Alert:
    name: str
    severity: str


@dataclass
class Driver:
    """Posts `rate` alerts a second, each an incident of its own, and notes when each was accepted.

    `mix` says how often each severity comes. `answers` counts every status, 0 for none at all.
    """

    door: str
    rate: float
    seed: int
    mix: dict[str, int] = field(default_factory=lambda: {"P0": 1, "P1": 1, "P2": 4})
    accepted: dict[Alert, float] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.http = httpx2.Client(timeout=20)
        self.stop, self.given_up = threading.Event(), threading.Event()
        self.pool = ThreadPoolExecutor(SENDERS)
        self.clock = threading.Thread(target=self._run)
        self.numbers = itertools.count()
        self.run = f"R{time.time_ns() // 1_000_000 % 1_000_000:06d}"

    def __enter__(self) -> Self:
        self.clock.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends when the last alert that was begun is accepted."""
        self.stop.set()
        if error is not None:
            self.given_up.set()
        self.clock.join()
        self.pool.shutdown(cancel_futures=error is not None)
        self.http.close()

    def fire(self, severity: str) -> Alert:
        """One more alert, at once."""
        alert = Alert(f"{self.run}-{next(self.numbers):05d}-{severity}", severity)
        self._post(alert)
        return alert

    def _run(self) -> None:
        severities, weights = list(self.mix), list(self.mix.values())
        number, started = 0, time.monotonic()
        while self.rate and not self.stop.wait(
            max(0, started + number / self.rate - time.monotonic())
        ):
            [severity] = self.chance.choices(severities, weights)
            self.pool.submit(self._post, Alert(f"{self.run}-{number:05d}", severity))
            number += 1

    def _post(self, alert: Alert) -> None:
        body = {
            "title": f"출금 지연 {alert.name}",
            "dedup_key": alert.name,
            "group": alert.name,
            "service": "withdrawals",
            "severity": alert.severity,
        }
        while not self._is_accepted(body):
            if self.given_up.wait(AGAIN_AFTER):
                return
        self.accepted[alert] = time.time()

    def _is_accepted(self, body: dict[str, str]) -> bool:
        try:
            answer = self.http.post(self.door, json=body)
        except httpx2.HTTPError:
            self.answers[NO_ANSWER] += 1
            return False
        self.answers[answer.status_code] += 1
        return answer.is_success

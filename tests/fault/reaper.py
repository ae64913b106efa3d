"""Kills by SIGKILL at random moments, whatever the process is doing then.

A minute of the script takes a few seconds, but coming back takes as long as ever: whom people are
paged by would be struck again in the middle of it far more often than a hundred times an hour. It
has `RECOVERY` until its next strike; the others may be struck at any moment, several at once.
"""

import contextlib
import random
import threading
import time
from collections import Counter
from types import TracebackType
from typing import Self

import psutil

from tests.running import Product

PAGING = ("portal", "worker-pages")
WORKERS = (*PAGING, "worker-sight", "worker-background", "worker-crowd")
RECOVERY = 10.0


class Reaper:
    """`count` kills within so many seconds, of the web, the workers, Beat, and the parent of them all."""

    def __init__(self, product: Product, *, count: int, within: float, seed: int) -> None:
        self.product, self.chance = product, random.Random(seed)
        self.moments = sorted(self.chance.uniform(0, within) for _ in range(count))
        self.strikes: list[tuple[float, str]] = []  # when, and whom
        self.struck = 0.0  # when one of those who page was
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self.over.set()
        self.thread.join()

    @property
    def killed(self) -> Counter[str]:
        return Counter(name for _, name in self.strikes)

    def _run(self) -> None:
        began = time.monotonic()
        for moment in self.moments:
            if self.over.wait(max(0.0, began + moment - time.monotonic())):
                return
            kind = self.chance.choice(["web", "worker", "beat"])
            while not self._kill_one(kind):  # all of the kind are dead: the first to be back
                if self.over.wait(0.02):
                    return

    def _kill_one(self, kind: str) -> bool:
        living = self._living()
        names = sorted(name for name in living if _kind(name) == kind)
        if kind == "worker":
            spared = time.monotonic() < self.struck + RECOVERY
            names = [name for name in names if (name in PAGING) != spared]
        if not names:
            return False
        name = self.chance.choice(names)
        with contextlib.suppress(psutil.NoSuchProcess):
            living[name].kill()
            self.strikes.append((time.time(), name))
            self.struck = time.monotonic() if name in PAGING else self.struck
            return True
        return False

    def _living(self) -> dict[str, psutil.Process]:
        """By name; the web's own processes are told apart by a number."""
        found: dict[str, psutil.Process] = {}
        for name, pid in self.product.pids().items():
            if name in ("web", "beat", *WORKERS):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process = psutil.Process(pid)
                    if process.status() != psutil.STATUS_ZOMBIE:
                        found[name] = process
        with contextlib.suppress(KeyError, psutil.NoSuchProcess):
            for number, child in enumerate(found["web"].children(), 1):
                found[f"web {number}"] = child
        return found


def _kind(name: str) -> str:
    return "worker" if name in WORKERS else name.partition(" ")[0]

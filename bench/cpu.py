"""Who used how much processor: by process tree, dead children included."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import psutil


def tree(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def spent(pid: int) -> float:
    """Seconds of processor a tree has used: each process's own, and of children that it buried."""
    total = 0.0
    for process in tree(pid):
        with contextlib.suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])
    return total


def busy() -> float:
    """Seconds of processor the whole machine has used."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


@dataclass
class Meter:
    """Used in a `with` block: seconds of processor by name, and of everybody else's processes."""

    pids: Mapping[str, int] = field(default_factory=dict)
    used: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    foreign: float = 0.0  # cores that processes of others kept busy

    def __enter__(self) -> Self:
        self._before = self._read()
        return self

    def __exit__(self, *_: object) -> None:
        pairs = zip(self._before, self._read(), strict=True)
        clock, busy, mine, *used = (after - before for before, after in pairs)
        self.used = dict(zip(self.pids, used, strict=True))
        self.seconds, self.foreign = clock, max(0.0, busy - mine) / clock

    def _read(self) -> list[float]:
        own = [spent(pid) for pid in self.pids.values()]
        return [time.monotonic(), busy(), spent(os.getpid()), *own]

    def of(self, *names: str) -> float:
        return sum(self.used.get(name, 0.0) for name in names)

"""Who used how much processor: by the names of the product's processes, dead children included."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Set
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


def households(pids: Mapping[str, int]) -> dict[str, list[psutil.Process]]:
    """The processes of each name: those below it that are below no other name nearer to them."""
    named = set(pids.values())
    return {name: list(_household(pid, named)) for name, pid in pids.items()}


def _household(pid: int, named: Set[int]) -> Iterator[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        yield process
        for child in process.children():
            if child.pid not in named:
                yield from _household(child.pid, named)


def spent(processes: Iterable[psutil.Process]) -> float:
    """Seconds of processor: each process's own, and of the children that it buried."""
    total = 0.0
    for process in processes:
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
        each = [spent(processes) for processes in households(self.pids).values()]
        return [time.monotonic(), busy(), spent(tree(os.getpid())), *each]

    def of(self, *names: str) -> float:
        return sum(self.used.get(name, 0.0) for name in names)

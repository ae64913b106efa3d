"""From a size to how rarely this metric reached it: a tail probability by its own past."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from math import inf, log
from typing import Self

import numpy as np

from monitoring.domain.anomalies.storage import Counts, Page, Pen

BINS, PER_OCTAVE, SMALLEST = 256, 8, 1e-5
TAIL = 0.02  # beyond this share the past is too thin to count, and is continued as a power law
ENOUGH = 30
MOST = 40_000  # sizes; then each counts half, so that the past fades
EDGES = SMALLEST * 2.0 ** (np.arange(BINS) / PER_OCTAVE)  # upper edge of each bin
LOGS = np.log(EDGES) - log(2) / PER_OCTAVE / 2  # the middle of each bin
PRIOR = 0.3  # in logs: the tail of a metric that has hardly any
STEEPEST = 20.0


class Rarity:
    """A histogram of sizes on a logarithmic grid, and the power law that continues it.

    Sizes are counted in batches, since what is drawn from the counts costs more than an answer. Of
    the counts only their sums are kept, packed: a process holds six of these for each metric.
    """

    def __init__(self) -> None:
        self._waiting = bytearray()  # bins
        self._draw(np.zeros(BINS, np.uint32))

    def surprise(self, size: float) -> float:
        """Minus the logarithm of the share of the past that was as large."""
        if self._total < ENOUGH:
            return 0.0
        if size > self._edge:
            return self._beyond + self._steepness * log(size / self._edge)
        return self._surprise(_bin(size))

    def _surprise(self, bin: int) -> float:
        return -log((self._reaching[bin] + 0.5) / (self._total + 1))

    def learn(self, size: float) -> None:
        self._waiting.append(_bin(size))
        if len(self._waiting) >= (16 if self._total < 1000 else 64):
            waiting = np.frombuffer(bytes(self._waiting), np.uint8)
            counts = self._counts + np.bincount(waiting, minlength=BINS).astype(np.uint32)
            self._waiting.clear()
            self._draw(counts // 2 if counts.sum() > MOST else counts)

    def ordinary(self) -> float:
        """The size that one in ten went beyond."""
        rare = bisect_left(range(BINS), log(10), key=self._surprise)
        return float(EDGES[min(rare, BINS) - 1]) if rare else 0.0

    @property
    def _counts(self) -> Counts:
        reaching = np.frombuffer(self._reaching, np.uint32)
        return reaching - np.append(reaching[1:], np.uint32(0))

    def _draw(self, whole: Counts) -> None:
        counts = whole.astype(float)
        reaching = np.cumsum(counts[::-1])[::-1]
        self._reaching = array("I", reaching.astype(np.uint32).tobytes())
        self._total = float(reaching[0])
        # Where most sizes are zero, the power law begins in the middle of the others.
        thin = min(TAIL * self._total, float(reaching[1]) / 2)
        first = min(max(int(np.count_nonzero(reaching >= thin)), 1), BINS - 1) if thin else 1
        self._edge = float(EDGES[first - 1]) if self._total else inf
        many = float(reaching[first])
        self._beyond = -log((many + 1) / (self._total + 2))
        excess = float((counts[first:] * (LOGS[first:] - log(EDGES[first - 1]))).sum())
        self._steepness = min((many + 1) / (excess + PRIOR), STEEPEST)

    def write(self, pen: Pen) -> None:
        pen.counts(self._counts)
        pen.numbers(self._waiting)

    @classmethod
    def read(cls, page: Page) -> Self:
        rarity = cls()
        counts = page.counts()
        rarity._waiting = bytearray(map(int, page.numbers()))
        rarity._draw(counts)
        return rarity


def _bin(size: float) -> int:
    if size <= SMALLEST:
        return 0
    return min(BINS - 1, 1 + int(log(size / SMALLEST) * (PER_OCTAVE / log(2))))

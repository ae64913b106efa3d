"""Series as a service has them, made from a seed: for faults at an interval at which no public series are."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Chance = np.random.Generator
MONDAY: Final = datetime(2026, 1, 5)  # noqa: DTZ001 - the scorer's moments are naive
EACH: Final = 4  # of a kind
DAY: Final = timedelta(days=1)


def load(day: Values, chance: Chance) -> Values:
    """Follows the day, in percent."""
    waves = 20 * np.sin(2 * np.pi * day) + 6 * np.sin(4 * np.pi * day + chance.uniform(0, 6))
    return 45.0 + np.asarray(waves) + chance.normal(0, chance.uniform(1, 4), len(day))


def memory(day: Values, chance: Chance) -> Values:
    """Climbs and is let go of, every so many hours."""
    period = chance.uniform(0.2, 0.6)
    return 4e9 + 2e9 * (day / period % 1) + chance.normal(0, 5e7, len(day))


def counts(day: Values, chance: Chance) -> Values:
    """Requests: whole numbers, few by night."""
    rate = chance.uniform(20, 200) * (1.1 + np.sin(2 * np.pi * day))
    return chance.poisson(rate).astype(float)


def latency(day: Values, chance: Chance) -> Values:
    """Skewed, with a long tail."""
    return chance.lognormal(-1.6 + 0.2 * np.sin(2 * np.pi * day), chance.uniform(0.1, 0.4))


def batch(day: Values, chance: Chance) -> Values:
    """At rest, but for a quarter of an hour of each two hours."""
    working = (day * 12 + chance.uniform(0, 1)) % 1 < 0.125
    return np.where(working, 80.0, 5.0) + chance.normal(0, 1.5, len(day))


KINDS: Final[list[Callable[[Values, Chance], Values]]] = [load, memory, counts, latency, batch]


def write(folder: Path, *, step: timedelta, points: int, seed: int) -> None:
    """As the injector reads them."""
    chance, day = np.random.default_rng(seed), np.arange(points, dtype=np.float64) * (step / DAY)
    folder.mkdir(parents=True)
    for kind in KINDS:
        for number in range(EACH):
            with (folder / f"{kind.__name__}{number}.csv").open("w", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(["timestamp", "value"])
                for n, value in enumerate(kind(day, chance)):
                    rows.writerow([MONDAY + n * step, f"{value:.8g}"])

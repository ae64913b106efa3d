"""Metrics as a service has them, made from a seed, and the faults that befall them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from monitoring.domain.anomalies import Detector, Judgement

MONDAY = datetime(2026, 1, 5)  # noqa: DTZ001 - the business's local time
STEP = timedelta(minutes=5)
A_DAY = 288


def moments(count: int, start: datetime = MONDAY, step: timedelta = STEP) -> list[datetime]:
    return [start + step * number for number in range(count)]


def daily(count: int, seed: int = 1, noise: float = 1.0) -> list[float]:
    """A load that follows the day, between about 30 and 70."""
    chance = random.Random(seed)
    return [
        50 + 20 * math.sin(2 * math.pi * number / A_DAY) + chance.gauss(0, noise)
        for number in range(count)
    ]


def steady(count: int, seed: int = 1) -> list[float]:
    chance = random.Random(seed)
    return [chance.gauss(100, 5) for _ in range(count)]


def judged(
    values: Iterable[float | None],
    detector: Detector | None = None,
    at: Sequence[datetime] | None = None,
) -> list[Judgement]:
    values = list(values)
    judge = detector or Detector.fresh()
    return [judge.update(*pair) for pair in zip(at or moments(len(values)), values, strict=True)]


def changed(
    values: Sequence[float], start: int, count: int, by: Callable[[float], float]
) -> list[float]:
    return [
        by(value) if start <= number < start + count else value
        for number, value in enumerate(values)
    ]


def alarms(judgements: Iterable[Judgement], threshold: float = 0.5) -> list[int]:
    return [at for at, judgement in enumerate(judgements) if judgement.score >= threshold]

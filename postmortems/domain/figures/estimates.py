"""A number, of how many it is, and between what it may as well be."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from postmortems.domain.figures.chance import byar, ranks, student, wilson

Values = Sequence[float] | npt.NDArray[np.float64]

FOR_P95: Final = 20  # of fewer the 95th per cent is the greatest and nothing else
FOR_TREND: Final = 10
A_MONTH: Final = 30.0  # days


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` None: not enough data. `low` and `high` are the 95 % interval, each None where too few bound it."""

    value: float | None
    unit: str
    n: int
    low: float | None = None
    high: float | None = None


def mean(values: Values, unit: str) -> Figure:
    """With Student's interval; a length of time is not below nothing."""
    n = len(values)
    if not n:
        return Figure(None, unit, 0)
    middle, error = average(values), error_of_mean(values)
    if error is None:
        return Figure(middle, unit, n)
    reach = student(n - 1) * error
    return Figure(middle, unit, n, max(0.0, middle - reach), middle + reach)


def average(values: Values) -> float:
    return float(np.mean(values))


def error_of_mean(values: Values) -> float | None:
    n = len(values)
    return float(np.std(values, ddof=1)) / math.sqrt(n) if n > 1 else None


def quantile(values: Values, share: float, unit: str, *, least: int = 1) -> Figure:
    """Its bounds are values that were seen."""
    n = len(values)
    if n < max(1, least):
        return Figure(None, unit, n)
    ordered = np.sort(values)
    low, high = ranks(n, share)
    return Figure(
        at(ordered, share), unit, n,
        float(ordered[low - 1]) if low else None,
        float(ordered[high - 1]) if high else None,
    )  # fmt: skip


def at(ordered: npt.NDArray[np.float64], share: float) -> float:
    """Between two neighbours in proportion, as PostgreSQL's percentile_cont."""
    place = share * (len(ordered) - 1)
    under, part = int(place), place - int(place)
    over = min(under + 1, len(ordered) - 1)
    return float(ordered[under] + part * (ordered[over] - ordered[under]))


def median(values: Values, unit: str) -> Figure:
    return quantile(values, 0.5, unit)


def p95(values: Values, unit: str) -> Figure:
    return quantile(values, 0.95, unit, least=FOR_P95)


def count(found: int, unit: str) -> Figure:
    """Nothing is a count as well, and bounds what may be behind it."""
    return Figure(float(found), unit, found, *byar(found))


def share(hits: int, n: int) -> Figure:
    if not n:
        return Figure(None, "%", 0)
    low, high = wilson(hits, n)
    return Figure(100 * hits / n, "%", n, 100 * low, 100 * high)


def trend(days: Values, seconds: Values) -> Figure:
    """How much a length of time grew in thirty days, in per cent.

    The slope of the logarithms: lengths of time differ by factors, and one night of ten hours would decide a
    straight line alone.
    """
    n = len(seconds)
    slope = _slope(np.asarray(days), np.log(np.maximum(1.0, seconds)))
    if slope is None:
        return Figure(None, "%/30d", n)
    rate, error = slope
    reach = student(n - 2) * error
    return Figure(_grown(rate), "%/30d", n, _grown(rate - reach), _grown(rate + reach))


def _slope(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> tuple[float, float] | None:
    """The least squares' slope and its standard error."""
    n = len(x)
    if n < FOR_TREND:
        return None
    x, y = x - np.mean(x), y - np.mean(y)
    xx = float(np.sum(x * x))
    if xx < 1e-6:
        return None  # all at once
    rate = float(np.sum(x * y)) / xx
    rest = float(np.sum((y - rate * x) ** 2))
    return rate, math.sqrt(rest / (n - 2) / xx)


def _grown(rate: float) -> float:
    return 100 * math.expm1(min(50.0, rate * A_MONTH))

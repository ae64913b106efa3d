"""A number, of how many it is, and between what it may as well be."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from postmortems.domain.figures.chance import byar, ranks, student, wilson

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


def mean(values: Sequence[float], unit: str) -> Figure:
    """With Student's interval; a length of time is not below nothing."""
    n = len(values)
    if not n:
        return Figure(None, unit, 0)
    middle, error = average(values), error_of_mean(values)
    if error is None:
        return Figure(middle, unit, n)
    reach = student(n - 1) * error
    return Figure(middle, unit, n, max(0.0, middle - reach), middle + reach)


def average(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def error_of_mean(values: Sequence[float]) -> float | None:
    n = len(values)
    if n < 2:
        return None
    middle = average(values)
    spread = math.fsum((value - middle) ** 2 for value in values) / (n - 1)
    return math.sqrt(spread / n)


def quantile(values: Sequence[float], share: float, unit: str, *, least: int = 1) -> Figure:
    """Between two neighbours in proportion, as PostgreSQL's percentile_cont; bounds are values that were seen."""
    n = len(values)
    if n < least:
        return Figure(None, unit, n)
    ordered = sorted(values)
    place = share * (n - 1)
    under, part = int(place), place - int(place)
    over = min(under + 1, n - 1)
    value = ordered[under] + part * (ordered[over] - ordered[under])
    low, high = ranks(n, share)
    return Figure(
        value, unit, n,
        ordered[low - 1] if low else None,
        ordered[high - 1] if high else None,
    )  # fmt: skip


def median(values: Sequence[float], unit: str) -> Figure:
    return quantile(values, 0.5, unit)


def p95(values: Sequence[float], unit: str) -> Figure:
    return quantile(values, 0.95, unit, least=FOR_P95)


def count(found: int, unit: str) -> Figure:
    """Nothing is a count as well, and bounds what may be behind it."""
    return Figure(float(found), unit, found, *byar(found))


def share(hits: int, n: int) -> Figure:
    if not n:
        return Figure(None, "%", 0)
    low, high = wilson(hits, n)
    return Figure(100 * hits / n, "%", n, 100 * low, 100 * high)


def trend(points: Sequence[tuple[float, float]]) -> Figure:
    """How much a length of time grew in thirty days, in per cent: of (day, seconds).

    The slope of the logarithms: lengths of time differ by factors, and one night of ten hours would decide a
    straight line alone.
    """
    n = len(points)
    slope = _slope([(day, math.log(max(1.0, seconds))) for day, seconds in points])
    if slope is None:
        return Figure(None, "%/30d", n)
    rate, error = slope
    reach = student(n - 2) * error
    return Figure(_grown(rate), "%/30d", n, _grown(rate - reach), _grown(rate + reach))


def _slope(points: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The least squares' slope and its standard error."""
    n = len(points)
    if n < FOR_TREND:
        return None
    x0, y0 = average([x for x, _ in points]), average([y for _, y in points])
    xx = math.fsum((x - x0) ** 2 for x, _ in points)
    if xx < 1e-6:
        return None  # all at once
    rate = math.fsum((x - x0) * (y - y0) for x, y in points) / xx
    rest = math.fsum((y - y0 - rate * (x - x0)) ** 2 for x, y in points)
    return rate, math.sqrt(rest / (n - 2) / xx)


def _grown(rate: float) -> float:
    return 100 * math.expm1(min(50.0, rate * A_MONTH))

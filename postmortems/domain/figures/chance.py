"""Quantiles of the distributions that uncertainty is told by; of no framework, and of no library of statistics."""

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

CONFIDENCE: Final = 0.95
MANY: Final = 200  # degrees of freedom
TAIL: Final = (1 - CONFIDENCE) / 2
Z: Final = NormalDist().inv_cdf(1 - TAIL)


@lru_cache(maxsize=4096)
def student(freedom: float) -> float:
    """The two-sided 95 % quantile of Student's t, by bisection of its distribution function.

    Of many it is the normal one and a little more (Cornish and Fisher): to nine digits the same, at once.
    """
    if freedom > MANY:
        return _nearly_normal(freedom)
    low, high = Z, 13.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _beyond(middle, freedom) > 2 * TAIL else (low, middle)
    return (low + high) / 2


def _nearly_normal(freedom: float) -> float:
    terms = (
        (Z**3 + Z) / 4,
        (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96,
        (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384,
    )
    return Z + sum(term / freedom**power for power, term in enumerate(terms, 1))


def _beyond(t: float, freedom: float) -> float:
    """The share of a t distribution that lies further out than t, on both sides."""
    return _beta_share(freedom / (freedom + t * t), freedom / 2, 0.5)


def _beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz; Numerical Recipes §6.4)."""
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    tiny = 1e-300
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    found = d
    for m in range(1, 500):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / ((1 + step * d) or tiny)
            c = (1 + step / c) or tiny
            found *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return found


@lru_cache(maxsize=4096)
def ranks(n: int, share: float) -> tuple[int | None, int | None]:
    """Between which of n ordered values (from 1) a quantile lies, 95 % sure, whatever their distribution.

    None where so few values do not bound it on that side.
    """
    below = np.cumsum(
        _binomial(n, share)[:n]
    )  # at k − 1: P(at most k − 1 of n are below the quantile)
    low = int(np.count_nonzero(below <= TAIL))
    high = int(np.count_nonzero(below < 1 - TAIL)) + 1
    return low or None, high if high <= n else None


def _binomial(n: int, share: float) -> npt.NDArray[np.float64]:
    """The probability of each of 0 to n, in logarithms from one to the next."""
    k = np.arange(n)
    steps = np.log((n - k) / (k + 1)) + math.log(share / (1 - share))
    found: npt.NDArray[np.float64] = np.exp(
        np.concatenate([[0.0], np.cumsum(steps)]) + n * math.log1p(-share)
    )
    return found


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Wilson's interval of a share: sound for few and for none, never outside 0 to 1."""
    share, z2 = hits / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return (0.0 if hits == 0 else middle - reach), (1.0 if hits == n else middle + reach)


def byar(count: int) -> tuple[float, float]:
    """Byar's interval of a Poisson count: near the exact one from a few on, and never below nothing."""
    more = count + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3
    if not count:
        return 0.0, high
    return count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3, high

"""Quantiles of the distributions that uncertainty is told by; of no framework, and of no library."""

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
TAIL: Final = (1 - CONFIDENCE) / 2
Z: Final = NormalDist().inv_cdf(1 - TAIL)


@lru_cache(maxsize=4096)
def student(freedom: float) -> float:
    """The two-sided 95 % quantile of Student's t, by bisection of its distribution function."""
    low, high = Z, 13.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _beyond(middle, freedom) > 2 * TAIL else (low, middle)
    return (low + high) / 2


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
    below = 0.0  # P(at most k − 1 of n values are below the quantile)
    low = high = None
    for k in range(1, n + 1):
        below += _binomial(k - 1, n, share)
        if below <= TAIL:
            low = k
        if high is None and below >= 1 - TAIL:
            high = k
            break
    return low, high


def _binomial(k: int, n: int, share: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(share) + (n - k) * math.log1p(-share))


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

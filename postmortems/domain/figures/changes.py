"""Whether two times differ by more than chance would make them. docs/figures.md says which rule and why."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postmortems.domain.figures.chance import student, wilson
from postmortems.domain.figures.estimates import Values, average, error_of_mean

LEAST: Final = 5  # of each side


class Verdict(StrEnum):
    LESS = "less"
    MORE = "more"
    NOISE = "noise"  # nothing that chance alone would not do
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Change:
    """Now less before, in `unit`; of counts the ratio of their rates, in per cent."""

    value: float | None
    unit: str
    low: float | None
    high: float | None
    verdict: Verdict


def of_means(now: Values, before: Values, unit: str) -> Change:
    """Welch's interval of the difference: the two times may vary differently."""
    if min(len(now), len(before)) < LEAST:
        return Change(None, unit, None, None, Verdict.TOO_FEW)
    gap = average(now) - average(before)
    a, b = (error_of_mean(now) or 0.0) ** 2, (error_of_mean(before) or 0.0) ** 2
    if not a + b:
        return _judged(gap, unit, gap, gap)
    freedom = (a + b) ** 2 / (a * a / (len(now) - 1) + b * b / (len(before) - 1))
    reach = student(round(freedom, 1)) * math.sqrt(a + b)
    return _judged(gap, unit, gap - reach, gap + reach)


def of_shares(now: tuple[int, int], before: tuple[int, int]) -> Change:
    """Newcombe's interval of the difference of (hits, n), from Wilson's of each. In points of per cent."""
    if min(now[1], before[1]) < LEAST:
        return Change(None, "points", None, None, Verdict.TOO_FEW)
    a, b = now[0] / now[1], before[0] / before[1]
    (a_low, a_high), (b_low, b_high) = wilson(*now), wilson(*before)
    gap = a - b
    low = gap - math.hypot(a - a_low, b_high - b)
    high = gap + math.hypot(a_high - a, b - b_low)
    return _judged(100 * gap, "points", 100 * low, 100 * high)


def of_counts(now: int, days: float, before: int, days_before: float) -> Change:
    """Of two rates by their ratio: given all that came, how many fell into the one time (Wilson)."""
    every = now + before
    if every < LEAST or not days or not days_before:
        return Change(None, "%", None, None, Verdict.TOO_FEW)
    low, high = (_ratio(each, days, days_before) for each in wilson(now, every))
    value = _ratio(now / every, days, days_before)
    return _judged(value, "%", low, high)


def _ratio(share: float, days: float, days_before: float) -> float | None:
    """None: before there was nothing to be a multiple of."""
    return None if share >= 1 else 100 * (share / (1 - share) * days_before / days - 1)


def _judged(value: float | None, unit: str, low: float | None, high: float | None) -> Change:
    if high is not None and high < 0:
        verdict = Verdict.LESS
    else:
        verdict = Verdict.MORE if low is not None and low > 0 else Verdict.NOISE
    return Change(value, unit, low, high, verdict)

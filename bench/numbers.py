"""Numbers from samples, and as words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def percentile(values: Iterable[float], percent: float) -> float:
    """By nearest rank: a value that was measured, never one between two. NaN of nothing."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def median(values: Iterable[float]) -> float:
    return percentile(values, 50)


def milliseconds(seconds: float) -> str:
    """Three significant digits at most."""
    if math.isnan(seconds):
        return "—"
    number = seconds * 1000
    return f"{number:,.0f} ms" if number >= 10 else f"{number:.2g} ms"


def spread(seconds: Sequence[float]) -> str:
    """p50, p95, p99 and the worst in one cell."""
    if not seconds:
        return "none arrived"
    figures = [percentile(seconds, percent) for percent in (50, 95, 99, 100)]
    return " / ".join(f"{figure * 1000:,.0f}" for figure in figures) + " ms"


def ratio(ours: float, other: float) -> str:
    return f"{ours / other:.0%}" if other else "—"


def megabytes(count: float) -> str:
    return f"{count / 1e6:,.0f} MB"

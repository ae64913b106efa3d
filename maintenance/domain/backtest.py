"""How good the forecasts would have been on a metric's own past: from earlier days on, with what was known then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from maintenance.domain import exhaustion, hourly
from maintenance.domain.series import HOLES, HOURS, Floats, grid, peaks

AHEAD: Final = 72  # hours
ORIGINS: Final = 6
KNOWN: Final = 30  # days before the first date is asked for
APART: Final = 7
THRESHOLDS: Final = (7, 30)  # days away at the pace of the thirty days before
LATE: Final = 2.0
ANY_DAY: Final = datetime(
    2026, 1, 1, tzinfo=UTC
)  # a forecast goes by the distance of its readings only


@dataclass(frozen=True)
class Hours:
    forecasts: int
    relative: float  # error against the same hour of the day before, geometric mean
    held_80: float
    held_95: float


@dataclass(frozen=True)
class Days:
    cases: int  # thresholds that were reached
    factor: float  # median, by which a date was off either way
    late: float  # share that came more than twice as soon as said
    held_80: float


def hours(moments: Sequence[datetime], values: Floats) -> Hours | None:
    measured = grid(moments, values)
    if measured.per_day != HOURS:
        return None
    known = np.where(measured.read, measured.values, np.nan)
    at = [timedelta(hours=hour) + ANY_DAY for hour in range(len(known))]
    logs, held_80, held_95 = [], [], []
    for start in _starts(len(known)):
        found = hourly.forecast(at[:start], known[:start], AHEAD)
        came = known[start : start + AHEAD]
        # What nobody read says nothing of a forecast.
        off = np.abs(np.resize(known[start - HOURS : start], AHEAD) - came)
        there, naive = np.isfinite(off), float(off[np.isfinite(off)].sum())
        if found is None or not naive or there.mean() < HOLES:
            continue
        error = float(np.abs(found.middle - came)[there].sum())
        logs.append(np.log((error + 1e-3 * naive) / naive))
        held_80.append(_held(came, found.low_80, found.high_80))
        held_95.append(_held(came, found.low_95, found.high_95))
    if not logs:
        return None
    return Hours(
        len(logs), float(np.exp(np.mean(logs))), float(np.mean(held_80)), float(np.mean(held_95))
    )


def _held(came: Floats, low: Floats, high: Floats) -> float:
    read = np.isfinite(came)
    return float(((came >= low) & (came <= high))[read].mean())


def _starts(count: int) -> list[int]:
    first, last = 8 * HOURS, count - AHEAD
    if last < first:
        return []
    return sorted({int(start) for start in np.linspace(first, last, ORIGINS)})


def days(moments: Sequence[datetime], values: Floats) -> Days | None:
    level = peaks(grid(moments, values)).values
    factors, held = [], []
    for known in range(KNOWN, len(level) - APART, APART):
        for truth, reach in _cases(moments, values, level, known):
            factors.append(np.log((reach.days or exhaustion.HORIZON) / truth))
            # Peaks know days: half a day on either side is none.
            late_enough = (reach.soonest or 0.0) - 0.5 <= truth
            held.append(late_enough and truth <= (reach.latest or np.inf) + 0.5)
    if not factors:
        return None
    off = np.array(factors)
    return Days(
        len(off), float(np.exp(np.median(np.abs(off)))), float((off > np.log(LATE)).mean()),
        float(np.mean(held)),
    )  # fmt: skip


def _cases(
    moments: Sequence[datetime], values: Floats, level: Floats, known: int
) -> Iterator[tuple[float, exhaustion.Reach]]:
    now, pace = float(level[known - 1]), float(level[known - 1] - level[known - KNOWN]) / KNOWN
    if pace <= 0:
        return
    until = max(moments) - timedelta(days=len(level) - known)
    cut = sum(moment <= until for moment in moments)
    found = exhaustion.outlook(moments[:cut], values[:cut])
    for away in THRESHOLDS:
        reached = np.flatnonzero(level[known:] >= now + pace * away)
        if found is not None and len(reached) and now + pace * away > found.now:
            yield float(reached[0] + 1), found.until(now + pace * away)

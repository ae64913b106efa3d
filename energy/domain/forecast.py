"""How long the energy lasts, at the pace at which it is used at this hour of the week.

In steps of a minute through dU/dt = burn - U/W and dW/dt = burn * (24 h - W) / U - 1. "What is left
by what an hour takes" would be wrong: it forgets that used energy comes back meanwhile.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from energy.domain.recovery import Usage

STEP: Final = 60
HORIZON: Final = timedelta(hours=48)  # who lasts longer lasts
HELD, NEW = (
    65_000,
    131_000,
)  # energy of a USDT transfer, to whom holds USDT already and to whom does not


@dataclass(frozen=True)
class Pace:
    """Energy per hour: what is usual, and what only one hour in ten exceeds."""

    p50: float
    p90: float


@dataclass(frozen=True)
class Burned:
    """How much was used in so many seconds that ended then."""

    at: datetime
    energy: int
    seconds: float


def runway(usage: Usage, limit: int, per_hour: float) -> timedelta | None:
    """Until nothing is left; None: not within the horizon."""
    if limit <= usage.used:
        return timedelta(0)
    step, passed = per_hour * STEP / 3600, 0
    while passed < HORIZON.total_seconds():
        before, usage = usage.used, usage.after(STEP).plus(step)
        if usage.used >= limit:
            share = (limit - before) / (usage.used - before)
            return timedelta(seconds=passed + STEP * share)
        if usage.used <= before and step * 3 <= limit - usage.used and _steady(usage, step, limit):
            return None
        passed += STEP
    return None


def runways(usage: Usage, limit: int, pace: Pace) -> tuple[timedelta | None, timedelta | None]:
    """At what is usual, and at what only one hour in ten exceeds."""
    usual = runway(usage, limit, pace.p50)
    return usual, usual if pace.p90 == pace.p50 else runway(usage, limit, pace.p90)


def _steady(usage: Usage, step: float, limit: int) -> bool:
    """Falling, and where it would settle is below the limit: the rest of the horizon tells nothing."""
    settles = step * (43_200 / STEP)  # half a day's consumption
    return settles < limit * 0.95


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest rank."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def pace(same_hours: Sequence[float], recent: float | None) -> Pace | None:
    """From what the same hour took in the weeks before, and what is used right now.

    What is used now counts when it is more: in a drain nobody wants to hear of usual Tuesdays.
    None: nothing is known yet.
    """
    if not same_hours and recent is None:
        return None
    now = recent or 0.0
    if not same_hours:
        return Pace(now, now)
    return Pace(max(percentile(same_hours, 0.5), now), max(percentile(same_hours, 0.9), now))


def per_hour(parts: Sequence[Burned]) -> float | None:
    seconds = sum(part.seconds for part in parts)
    return sum(part.energy for part in parts) * 3600 / seconds if seconds else None


def transfers_left(left: int, *, energy: int = HELD) -> int:
    return left // energy if energy > 0 else 0

"""How long the energy lasts, at the pace at which it is used at this hour of the week.

In steps of a minute through dU/dt = burn - U/W and dW/dt = burn * (24 h - W) / U - 1. "What is left
by what an hour takes" would be wrong: it forgets that used energy comes back meanwhile, and that what is rented goes.
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


@dataclass(frozen=True)
class Ending:
    """So much of the limit goes in so many seconds: a rental ends."""

    seconds: float
    energy: int


def without(usage: Usage, limit: int, energy: int) -> tuple[Usage, int]:
    """The stake that goes takes along its part of what is used (java-tron, UnDelegateResource)."""
    gone = min(energy, limit)
    share = gone / limit if limit else 0.0
    return Usage(usage.used * (1 - share), usage.window), limit - gone


def runway(
    usage: Usage, limit: int, per_hour: float, endings: Sequence[Ending] = ()
) -> timedelta | None:
    """Until nothing is left; None: not within the horizon."""
    step, passed = per_hour * STEP / 3600, 0
    later = sorted(endings, key=lambda one: one.seconds)
    while passed < HORIZON.total_seconds():
        while later and later[0].seconds <= passed:
            usage, limit = without(usage, limit, later.pop(0).energy)
        if limit <= usage.used:
            return timedelta(seconds=passed)
        before, usage = usage.used, usage.after(STEP).plus(step)
        if usage.used >= limit:
            share = (limit - before) / (usage.used - before)
            return timedelta(seconds=passed + STEP * share)
        falls = usage.used <= before and step * 3 <= limit - usage.used
        if falls and not later and _steady(usage, step, limit):
            return None
        passed += STEP
    return None


def runways(
    usage: Usage, limit: int, pace: Pace, endings: Sequence[Ending] = ()
) -> tuple[timedelta | None, timedelta | None]:
    """At what is usual, and at what only one hour in ten exceeds."""
    usual = runway(usage, limit, pace.p50, endings)
    return usual, usual if pace.p90 == pace.p50 else runway(usage, limit, pace.p90, endings)


def left_by(
    usage: Usage, limit: int, per_hour: float, endings: Sequence[Ending], seconds: float
) -> tuple[int, int]:
    """So much of how much is left then."""
    step, passed = per_hour * STEP / 3600, 0.0
    later = sorted(endings, key=lambda one: one.seconds)
    while passed < seconds:
        while later and later[0].seconds <= passed:
            usage, limit = without(usage, limit, later.pop(0).energy)
        more = usage.after(STEP).plus(step)
        usage = Usage(min(more.used, max(limit, 0)), more.window)
        passed += STEP
    for one in later:
        if one.seconds <= seconds:
            usage, limit = without(usage, limit, one.energy)
    return max(0, limit - round(usage.used)), limit


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

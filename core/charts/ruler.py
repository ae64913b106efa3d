"""Where rulers are marked: round local times, and round numbers in the unit they are read in."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.charts.units import Scaled, scaled

MINUTE, HOUR, DAY = 60, 3_600, 86_400
STEPS: Final = (
    15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY,
)  # fmt: skip
MONTHS: Final = (1, 2, 3, 6, 12)
A_MONTH: Final = timedelta(days=30)
ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
ONE_DAY: Final = timedelta(days=1)


def step_of(span: timedelta, *, most: int) -> timedelta:
    """The smallest round length of which no more than so many fit into the span."""
    fits = (step for step in STEPS if span / timedelta(seconds=step) <= most)
    whole_years = 365 * DAY * (1 + span // timedelta(days=365 * most))
    return timedelta(seconds=next(fits, whole_years))


def moments(start: datetime, end: datetime, zone: ZoneInfo, step: timedelta) -> Iterator[datetime]:
    """Round local times inside: from the first local midnight, step by step."""
    first = start.astimezone(zone)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + step * -((midnight - first) // step)
    while at.astimezone(UTC) <= end:
        if at.astimezone(UTC) >= start:
            yield at
        at += step


def months(start: datetime, end: datetime, zone: ZoneInfo, *, most: int) -> Iterator[datetime]:
    """Firsts of months, every so many that they are not too many."""
    count = (end - start) / A_MONTH
    every = next((n for n in MONTHS if count / n <= most), math.ceil(count / most / 12) * 12)
    at = start.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while at.astimezone(UTC) <= end:
        if at.astimezone(UTC) >= start and (at.year * 12 + at.month - 1) % every == 0:
            yield at
        at = at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)


def labelled(
    start: datetime, end: datetime, zone: ZoneInfo, *, most: int
) -> list[tuple[datetime, str]]:
    """Moments with what they are called there: the date where it changes, else the time."""
    if (end - start) / most > timedelta(days=10):
        return [(at, _month(at)) for at in months(start, end, zone, most=most)]
    step = step_of(end - start, most=most)
    found: list[tuple[datetime, str]] = []
    before = None
    for at in moments(start, end, zone, step):
        new_day = before is not None and at.date() != before
        found.append((at, _time(at, step, new_day=new_day)))
        before = at.date()
    return found


def _month(at: datetime) -> str:
    return at.strftime("%Y/%m" if at.month == 1 else "%m/%d")


def _time(at: datetime, step: timedelta, *, new_day: bool) -> str:
    if step >= ONE_DAY or new_day:
        return at.strftime("%m/%d")
    return at.strftime("%H:%M:%S" if step < timedelta(minutes=1) else "%H:%M")


def numbers(low: float, high: float, unit: str, *, most: int) -> tuple[list[float], Scaled]:
    """Round numbers between two values, in the size of unit in which they are read."""
    size = scaled(unit, max(abs(low), abs(high)))
    room = (high - low) / size.by
    if not room > 0 or not math.isfinite(room):
        return [low], size
    ten = 10.0 ** math.floor(math.log10(room / most))
    step = next((ten * n for n in ROUND if room / (ten * n) <= most), ten * 10)
    first = math.ceil(low / size.by / step - 1e-9)
    last = math.floor(high / size.by / step + 1e-9)
    return [n * step * size.by for n in range(first, min(last, first + 4 * most) + 1)], size

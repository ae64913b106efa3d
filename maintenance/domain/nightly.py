"""When a backup is due, and which of them are kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = timedelta(days=1)


def period_of(at: datetime, *, hour: int, every: int, zone: ZoneInfo) -> datetime:
    """The last moment at which one was due: so many hours apart, from this hour of the local day on."""
    local = at.astimezone(zone)
    start = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    while start > local:
        start -= timedelta(days=1)  # on the wall, whatever the clocks were set by
    passed = int((at - start.astimezone(at.tzinfo)) / timedelta(hours=every))
    return start.astimezone(at.tzinfo) + passed * timedelta(hours=every)


def outdated(made: Iterable[datetime], *, days: int, at: datetime, zone: ZoneInfo) -> set[datetime]:
    """All of the last day are kept, and the last one of each of the last days that have one; the newest always."""
    newest_first = sorted(made, reverse=True)
    kept = {one for one in newest_first if at - one < DAY} | set(newest_first[:1])
    seen: list[object] = []
    for one in newest_first:
        day = one.astimezone(zone).date()
        if day not in seen and len(seen) < days and at - one < (days + 1) * DAY:
            seen.append(day)
            kept.add(one)
    return set(newest_first) - kept


def next_period(at: datetime, *, hour: int, every: int, zone: ZoneInfo) -> datetime:
    """The first moment after this one at which one is due: also over a day of 23 or 25 hours."""
    here = period_of(at, hour=hour, every=every, zone=zone)
    ahead = at
    while period_of(ahead, hour=hour, every=every, zone=zone) == here:
        ahead += timedelta(hours=1)
    return period_of(ahead, hour=hour, every=every, zone=zone)

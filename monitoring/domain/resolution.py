"""In which sizes samples are kept, and which of them answers for a stretch of time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MONDAY: Final = datetime(1970, 1, 5, tzinfo=UTC)
DAY: Final = timedelta(days=1)
DENSEST: Final = timedelta(seconds=60)  # a chart with fewer points for its length reads no samples


class Resolution(StrEnum):
    RAW = "raw"
    FIVE_MINUTES = "5m"
    HOUR = "1h"
    DAY = "1d"

    @property
    def size(self) -> timedelta:
        return SIZES[self]


SIZES: Final = {
    Resolution.RAW: timedelta(0),
    Resolution.FIVE_MINUTES: timedelta(minutes=5),
    Resolution.HOUR: timedelta(hours=1),
    Resolution.DAY: DAY,
}
# What a chart may be made of, the finest first. Steps of less than a day divide it, so that bins begin
# with the day, and are whole buckets of their size.
LADDER: Final = [
    *((Resolution.RAW, timedelta(seconds=n)) for n in (1, 2, 5, 10, 15, 20, 30, 60)),
    *((Resolution.FIVE_MINUTES, timedelta(minutes=n)) for n in (5, 10, 15, 30)),
    *((Resolution.HOUR, timedelta(hours=n)) for n in (1, 2, 3, 6, 12)),
    *((Resolution.DAY, timedelta(days=n)) for n in (1, 2, 7, 28, 364)),
]
ROLLED: Final = (Resolution.FIVE_MINUTES, Resolution.HOUR, Resolution.DAY)

# How often an hour and a day that are not over yet are rolled up.
AGAIN: Final = {Resolution.HOUR: timedelta(minutes=15), Resolution.DAY: timedelta(hours=6)}
GRACE: Final = timedelta(seconds=30)  # for senders that are a little late


def floor(moment: datetime, size: timedelta, origin: datetime = EPOCH) -> datetime:
    """The beginning of its bucket: days are those of UTC, whatever the clocks on the wall do."""
    return moment - (moment - origin) % size


def due(bucket: datetime, at: datetime) -> datetime:
    """When five minutes in which something changed now are to be rolled up: when they are over."""
    return max(at, bucket + SIZES[Resolution.FIVE_MINUTES] + GRACE)


@dataclass(frozen=True)
class Reading:
    """Which table is read, in bins of which length, from where on."""

    resolution: Resolution
    step: timedelta
    start: datetime
    origin: datetime


def reading(
    since: datetime,
    until: datetime,
    *,
    points: int,
    at: datetime,
    kept: Mapping[Resolution, timedelta | None],
    of: Iterable[tuple[Resolution, timedelta]] = LADDER,
) -> Reading:
    """The finest size that needs no more points than asked for and is still kept that far back."""
    span = until - since
    for resolution, step in of:
        fits = span / step <= points - 1  # one more where it begins between two
        if fits and _reaches(resolution, since, at, kept) and _worth(resolution, span, points):
            return _from(resolution, step, since)
    return _from(*LADDER[-1], since)


def _worth(resolution: Resolution, span: timedelta, points: int) -> bool:
    return resolution is not Resolution.RAW or span <= DENSEST * points


def _reaches(
    resolution: Resolution,
    since: datetime,
    at: datetime,
    kept: Mapping[Resolution, timedelta | None],
) -> bool:
    days = kept[resolution]
    # The last resort: what is asked for may be older than anything that is kept.
    return days is None or resolution is Resolution.DAY or since >= at - days


def _from(resolution: Resolution, step: timedelta, since: datetime) -> Reading:
    origin = MONDAY if step > DAY else EPOCH
    return Reading(resolution, step, floor(since, step, origin), origin)

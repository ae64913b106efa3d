"""Which stretch of time a chart shows: a usual one up to now, or from one moment to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

USUAL: Final = "6h"
LENGTHS: Final = {
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "1y": timedelta(days=365),
}
LEAST: Final = timedelta(minutes=1)
MOST: Final = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class Range:
    key: str  # empty for a free one
    since: datetime
    until: datetime
    query: str  # as an address carries it

    @property
    def live(self) -> bool:
        """It goes on with the clock."""
        return bool(self.key)

    @property
    def length(self) -> timedelta:
        return self.until - self.since


def read(asked: Mapping[str, str], *, at: datetime, zone: ZoneInfo) -> Range:
    """What makes no sense is answered by the usual range: an address is typed by hand, too."""
    since, until = moment(asked.get("from", ""), zone), moment(asked.get("to", ""), zone)
    if since:
        until = min(until or at, at)
        if LEAST <= until - since <= MOST:
            query = f"from={stamp(since)}&to={stamp(until)}"
            return Range("", since, until, query)
    key = asked.get("range", USUAL)
    key = key if key in LENGTHS else USUAL
    return Range(key, at - LENGTHS[key], at, f"range={key}")


def around(moment: datetime, *, at: datetime, before: timedelta, after: timedelta) -> Range:
    """Of a thing that happened: what led to it, and what followed so far."""
    until = min(at, moment + after)
    since = moment - before
    return Range("", since, until, f"from={stamp(since)}&to={stamp(until)}")


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """ISO 8601, or seconds since 1970; without an offset it is meant as the reader's clock shows it."""
    try:
        if text.isdecimal() and len(text) <= 11:
            return datetime.fromtimestamp(int(text), zone)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    if not 1971 <= found.year <= 2999:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def stamp(at: datetime) -> str:
    return str(int(at.timestamp()))

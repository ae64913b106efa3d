"""The weeks of a rotation as bars: where each turn lies on the wall calendar, in per cent of a week."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

WEEK: Final = timedelta(days=7)


class Bar(NamedTuple):
    span: int  # the place of what it draws
    x: float
    width: float


def monday(moment: datetime, zone: ZoneInfo) -> date:
    """The Monday of a moment's week, where the reader is."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def starts(first: date, weeks: int, zone: ZoneInfo) -> list[datetime]:
    """The midnights at which the weeks begin, and the one at which the last one ends."""
    days = [first + n * WEEK for n in range(weeks + 1)]
    return [datetime.combine(day, time.min, zone) for day in days]


def bars(spans: Sequence[tuple[datetime, datetime]], begin: datetime, zone: ZoneInfo) -> list[Bar]:
    """The parts of the spans in the week that begins here, as the clock on the wall shows them."""
    return list(_bars(spans, begin.astimezone(zone).replace(tzinfo=None), zone))


def _bars(
    spans: Sequence[tuple[datetime, datetime]], begin: datetime, zone: ZoneInfo
) -> Iterator[Bar]:
    for index, span in enumerate(spans):
        start, end = (at.astimezone(zone).replace(tzinfo=None) for at in span)
        start, end = max(start, begin), min(end, begin + WEEK)
        if start < end:
            yield Bar(
                index,
                round(100 * ((start - begin) / WEEK), 3),
                round(100 * ((end - start) / WEEK), 3),
            )

"""Many moments as the clocks of a place show them."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

import numpy as np

from postmortems.domain.figures.cases import Ints, Moments

AN_HOUR: Final = np.timedelta64(1, "h")
A_DAY: Final = timedelta(days=1)


def local(at: Moments, zone: tzinfo) -> Moments:
    """A place changes its clocks on few days of a year: only moments of these are asked for one by one."""
    days, places = np.unique(at.astype("M8[D]"), return_inverse=True)
    edges = [day.replace(tzinfo=UTC) for day in days.astype("M8[us]").tolist()]
    first = np.array([_ahead(day, zone) for day in edges], "m8[us]")
    last = np.array([_ahead(day + A_DAY, zone) for day in edges], "m8[us]")
    shown: Moments = at + first[places]
    for place in np.flatnonzero((first != last)[places]):
        one: datetime = at[place].astype("M8[us]").item()
        shown[place] = one + _ahead(one.replace(tzinfo=UTC), zone)
    return shown


def _ahead(at: datetime, zone: tzinfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def hours(shown: Moments) -> Ints:
    """Of the day, as a clock there shows them."""
    found: Ints = ((shown - shown.astype("M8[D]")) // AN_HOUR).astype(np.int64)
    return found

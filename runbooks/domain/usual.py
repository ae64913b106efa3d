"""How long something usually takes, by how long it took before."""

from collections.abc import Iterable
from datetime import timedelta
from statistics import median
from typing import Final

LAST: Final = 20  # runs that are looked at


def usual(lengths: Iterable[timedelta]) -> timedelta | None:
    """The middle one, so that a single night that went wrong does not change it."""
    found = [length.total_seconds() for length in lengths]
    return timedelta(seconds=median(found)) if found else None

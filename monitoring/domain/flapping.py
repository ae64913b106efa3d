"""Alerts that come and go: seen as one long trouble, not as many short ones."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def flaps(ends: Iterable[datetime], *, at: datetime, count: int, within: timedelta) -> int:
    """How often it ended in this time, when that makes it flapping; otherwise 0. `count` 0: never."""
    lately = sum(at - within <= end <= at for end in ends)
    return lately if 0 < count <= lately else 0

"""The recovery point: how much would be lost now, and which copy says so.

Two losses are not the same. When a site is lost a replica elsewhere has nearly all; when data is destroyed by a
person or a program every replica repeats it, and only a backup from before helps.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from maintenance.domain.continuity.lags import NOTHING

MOST: Final = timedelta(days=36_500)


class Loss(StrEnum):
    SITE = "site"
    DATA = "data"


class Copy(StrEnum):
    REPLICA = "replica"
    BACKUP = "backup"


@dataclass(frozen=True)
class Point:
    """A copy that has all that was committed before `until`."""

    kind: Copy
    name: str
    until: datetime
    away: bool = True  # it is elsewhere than the site that would be lost

    def survives(self, loss: Loss) -> bool:
        return self.away if loss is Loss.SITE else self.kind is Copy.BACKUP

    def age(self, now: datetime) -> timedelta:
        """At most so much would be lost: it grows until somebody has looked again."""
        return max(NOTHING, now - self.until)


def counting(points: Iterable[Point], loss: Loss) -> Point | None:
    """The newest of those that survive it."""
    left = [one for one in points if one.survives(loss)]
    return max(left, key=lambda one: one.until, default=None)


def worst(
    found: Iterable[tuple[str, Point | None]], now: datetime
) -> tuple[str, timedelta | None] | None:
    """Of several data: the one that would lose most, by its name; one without any copy before all others."""
    ages = [(name, point.age(now) if point else None) for name, point in found]
    return max(ages, key=lambda one: MOST if one[1] is None else one[1], default=None)

"""Whom to ask for an approval, and when."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

FIRST, AGAIN = "first", "again"
HALF: Final = 2


def occasion(proposed_at: datetime, valid_for: timedelta, *, now: datetime) -> str:
    """At once, and once more when half of the time is over."""
    return AGAIN if now >= proposed_at + valid_for / HALF else FIRST


def whom(
    circles: Iterable[Collection[int]],
    *,
    needed: int,
    able: Collection[int],
    done: Collection[int],
    occasion: str,
) -> list[int]:
    """The nearest circle in which there are enough; the second time everybody of all circles.

    `able` may approve; `done` have, or proposed it.
    """
    asked: dict[int, None] = {}
    for circle in circles:
        asked |= dict.fromkeys(one for one in circle if one in able and one not in done)
        if occasion == FIRST and len(asked) >= needed:
            break
    if len(asked) < needed:  # silence is worse
        asked |= dict.fromkeys(sorted(set(able) - set(done)))
    return list(asked)

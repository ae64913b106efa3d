"""How much of what was committed a replica does not have yet: a bound that is never too small.

Two bounds, and the lower one holds. What the replica has replayed is at least all that was committed before
the last commit it shows. And what it has received is at least all that was committed before any moment at which
the primary stood no further in its log: this one holds also while nobody writes, when the first one grows for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

NOTHING: Final = timedelta(0)


@dataclass(frozen=True)
class Mark:
    """Where the primary stood in its log, read after this moment."""

    at: datetime
    place: int


@dataclass(frozen=True)
class Seen:
    """A replica, read after this moment; `replayed_at` by our clock."""

    at: datetime
    place: int  # up to where it has received the log
    replayed_at: datetime | None = None


def safe_until(seen: Seen, marks: Iterable[Mark]) -> datetime | None:
    """All that was committed before is on the replica. None: nothing is known. Marks are of one primary."""
    moments = [one.at for one in marks if one.place <= seen.place and one.at <= seen.at]
    if seen.replayed_at is not None:
        moments.append(min(seen.replayed_at, seen.at))
    return max(moments, default=None)

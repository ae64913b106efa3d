"""Of a maintenance: when subscribers are reminded that it comes, and when its people are asked whether it ends."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

ASKED: Final = timedelta(minutes=15)  # before the end; of a short one, in its last quarter


def is_due(
    begins: datetime, before: Collection[timedelta], last_word: datetime, *, at: datetime
) -> bool:
    """One of the reminders has come and nothing was said since. Several that were slept through are one."""
    return at < begins and any(last_word < begins - one <= at for one in before)


def asks_at(begins: datetime, ends: datetime) -> datetime:
    return ends - min(ASKED, (ends - begins) / 4)

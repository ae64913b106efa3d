"""When to try again, and when to stop."""

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(seconds=5)
LONGEST: Final = timedelta(minutes=5)
MAX_ATTEMPTS: Final = 12  # about half an hour of trying


def wait_after(attempt: int, *, asked: int | None, jitter: float) -> timedelta:
    """5 s, 10 s, 20 s … 5 min, ±20 % so that a crowd does not return together; never sooner than asked.

    `jitter` is a number from 0 to 1.
    """
    doubled: timedelta = min(LONGEST, FIRST * 2 ** (attempt - 1)) * (0.8 + 0.4 * jitter)
    return max(doubled, timedelta(seconds=asked or 0))


def give_up(attempt: int, *, permanent: bool) -> bool:
    return permanent or attempt >= MAX_ATTEMPTS

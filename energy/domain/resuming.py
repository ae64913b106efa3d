"""When withdrawals may go on, and how fast at first."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

DAY_MINUTES: Final = 24 * 60
SUSTAINED: Final = 2  # times the limit a day, which steady use never empties (`recovery`)


def is_back(
    percents: Sequence[float | None],
    runway: timedelta | None,
    *,
    held_for: timedelta,
    percent: int,
    lasts: timedelta,
    least: timedelta,
) -> bool:
    """By readings in a row, the newest first. `runway` None: longer than anybody looks, or no pace known."""
    enough = bool(percents) and all(one is not None and one >= percent for one in percents)
    return enough and held_for >= least and (runway is None or runway >= lasts)


def per_minute(limit: int, *, energy: int) -> int:
    """Transfers that the energy coming back by itself sustains; at least one."""
    return max(1, SUSTAINED * limit // (DAY_MINUTES * max(1, energy)))

"""What two looks at the counters of a machine say about the time between them."""

from collections.abc import Mapping
from typing import Final

IDLE: Final = ("idle", "iowait")
COUNTED_TWICE: Final = ("guest", "guest_nice")  # in user and nice already


def shares(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Of the processors' time, in percent: used, and of it waiting for disks or stolen."""
    spent = {
        name: max(0.0, after[name] - before.get(name, 0.0))
        for name in after
        if name not in COUNTED_TWICE
    }
    whole = sum(spent.values())
    if not whole:
        return {}
    used = whole - sum(spent.get(name, 0.0) for name in IDLE)
    parts = {"used": used} | {name: spent[name] for name in ("iowait", "steal") if name in spent}
    # By a rounding more than all of it may be in use.
    return {name: min(100.0, 100 * part / whole) for name, part in parts.items()}


def rates(
    before: Mapping[str, float], after: Mapping[str, float], seconds: float
) -> dict[str, float]:
    """A second; a counter that has gone back was reset, and says nothing this time."""
    if seconds <= 0:
        return {}
    return {
        name: (value - before[name]) / seconds
        for name, value in after.items()
        if name in before and value >= before[name]
    }

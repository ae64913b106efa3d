"""How used energy comes back, as the chain computes it (java-tron, ResourceProcessor.increaseV2).

What is used decays in a straight line to nothing over the account's own window. Each use merges into
it: the window becomes the mean of the rest of the old one and of 24 hours, weighted by usage. Steady
use so converges to half a day's consumption in use and a window of 12 hours: a day gives twice the limit.
"""

from dataclasses import dataclass
from typing import Final

DAY: Final = 86_400  # seconds


@dataclass(frozen=True)
class Usage:
    """Decayed to now, with the seconds that are left of its window."""

    used: float
    window: float = DAY

    def after(self, seconds: float) -> "Usage":
        """Nobody uses anything meanwhile."""
        if seconds >= self.window:
            return Usage(0.0)
        return Usage(self.used * (1 - seconds / self.window), self.window - seconds)

    def plus(self, energy: float) -> "Usage":
        if energy <= 0:
            return self
        total = self.used + energy
        return Usage(total, min(DAY, (self.used * self.window + energy * DAY) / total))

    def seconds_until(self, target: float) -> float:
        """Until no more than this is used, when nobody uses anything; 0 when it is so already."""
        if self.used <= target:
            return 0.0
        return self.window * (1 - max(0.0, target) / self.used)


def seconds_to_percent(percent: int, *, used: int, limit: int, window: int) -> float | None:
    """Until so much of the limit is left again by itself; None without a limit."""
    if limit <= 0:
        return None
    return Usage(used, window).seconds_until(limit * (100 - percent) / 100)


def burned(before: Usage, seconds: float, used_now: int) -> int:
    """What was used between two readings. A rental that ended takes some usage along: never below 0."""
    return max(0, round(used_now - before.after(seconds).used))

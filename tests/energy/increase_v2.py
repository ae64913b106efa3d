"""Java-tron's `ResourceProcessor.increaseV2` to the letter: ceiling divisions, rounding and all.

Neither the product's nor the sandbox's arithmetic: what both are held against.
"""

from dataclasses import dataclass
from typing import Final

SLOTS: Final = 28_800  # a day
PRECISION: Final = 1_000_000
FINE: Final = 1_000  # the window is kept in thousandths of a slot


@dataclass(frozen=True)
class Ported:
    usage: int = 0
    window_fine: int = SLOTS * FINE
    last_slot: int = 0


def increase(account: Ported, usage: int, now: int) -> Ported:
    window = account.window_fine // FINE
    average_last = _ceil(account.usage * PRECISION, window)
    average = _ceil(usage * PRECISION, SLOTS)
    passed = now - account.last_slot
    if passed:
        rest = max(0, window - passed)
        average_last = round(average_last * (rest / window)) if rest else 0
    new_usage = (average_last * window + average * SLOTS) // PRECISION
    remaining = average_last * window // PRECISION
    if remaining == 0:
        return Ported(new_usage, SLOTS * FINE, now)
    rest_fine = account.window_fine - passed * FINE
    merged = _ceil(remaining * rest_fine + usage * SLOTS * FINE, new_usage)
    return Ported(new_usage, min(merged, SLOTS * FINE), now)


def _ceil(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)

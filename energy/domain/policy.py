"""What may be done about a shortage, in which order, and how much of it: data that people change.

All money is int sun, all energy a plain number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from energy.domain.measuring import SUN
from energy.domain.states import Level
from runbooks.domain.actions import Caps, Limits, Spent, people_needed


class Lever(StrEnum):
    """Named as the manual names them, where it does."""

    PAUSE_WITHDRAWALS = "PAUSE_WITHDRAWALS"
    HOLD_WITHDRAWALS = "HOLD_WITHDRAWALS"  # those of low priority
    DELEGATE_ENERGY = "DELEGATE_ENERGY"
    CANCEL_UNSTAKES = "CANCEL_UNSTAKES"
    BUY_ENERGY = "BUY_ENERGY"
    EMERGENCY_STAKING = "EMERGENCY_STAKING"


# Those that cost nothing and can be taken back come first, the one that binds money for 14 days last.
ORDER: Final = {
    Level.EMERGENCY: (Lever.HOLD_WITHDRAWALS, Lever.BUY_ENERGY, Lever.EMERGENCY_STAKING),
    Level.CRITICAL: (
        Lever.PAUSE_WITHDRAWALS, Lever.DELEGATE_ENERGY, Lever.CANCEL_UNSTAKES, Lever.BUY_ENERGY,
        Lever.EMERGENCY_STAKING,
    ),
}  # fmt: skip
KINDS: Final = {  # of guarded actions
    Lever.PAUSE_WITHDRAWALS: "withdrawals.pause",
    Lever.HOLD_WITHDRAWALS: "withdrawals.hold_low",
    Lever.DELEGATE_ENERGY: "energy.delegate",
    Lever.CANCEL_UNSTAKES: "energy.cancel_unstakes",
    Lever.BUY_ENERGY: "energy.buy",
    Lever.EMERGENCY_STAKING: "energy.stake",
}
BRINGING: Final = frozenset({Lever.DELEGATE_ENERGY, Lever.CANCEL_UNSTAKES, Lever.BUY_ENERGY})
COSTLY: Final = frozenset({Lever.BUY_ENERGY, Lever.EMERGENCY_STAKING})
# Of the kinds of action that these levers pull, until somebody changes them in the console.
LIMITS: Final = {
    Lever.BUY_ENERGY: Limits(
        Caps(500 * SUN, 1_500 * SUN, 50_000 * SUN), valid_for=timedelta(minutes=15)
    ),
    Lever.EMERGENCY_STAKING: Limits(
        Caps(1_000_000 * SUN, 1_000_000 * SUN, 10_000_000 * SUN),
        cooldown=timedelta(minutes=2),
        second_above_sun=100_000 * SUN,
    ),
}


@dataclass(frozen=True)
class Policy:
    levers: Mapping[Level, tuple[Lever, ...]] = field(default_factory=lambda: dict(ORDER))
    limits: Mapping[Lever, Limits] = field(default_factory=lambda: dict(LIMITS))
    restore_percent: int = 20  # of the limit, where a response wants to arrive
    share_percent: int = 80  # of the TRX available, that a stake may take
    most_sun: int = 1_000_000 * SUN  # of one stake, by the manual
    price_percent: int = 100  # of what burning costs, that bought energy may cost
    prepared: frozenset[tuple[Level, Lever]] = frozenset(
        {(Level.EMERGENCY, Lever.EMERGENCY_STAKING)}
    )  # proposed only: a person approves

    def __post_init__(self) -> None:
        """Raises ValueError: a policy that could not be kept is none."""
        if not 0 < self.restore_percent <= 100 or not 0 <= self.share_percent <= 80:
            raise ValueError("restore_percent is 1 to 100, share_percent at most 80")
        if not 0 <= self.price_percent <= 100:
            raise ValueError("energy is never bought above the price of burning")
        if not 0 <= self.most_sun <= 1_000_000 * SUN:
            raise ValueError("a stake is at most 1,000,000 TRX")
        used = {lever for levers in self.levers.values() for lever in levers}
        if any(lever not in self.limits or not self.limits[lever].caps for lever in used & COSTLY):
            raise ValueError("what costs money needs caps")

    def left(self, lever: Lever, spent: Spent) -> int:
        """Sun that one action of a costly lever may spend now."""
        caps = self.limits[lever].caps
        return caps.left(spent) if caps else 0

    def asks(self, level: Level, lever: Lever, sun: int) -> bool:
        """Whether a person decides first."""
        if (level, lever) in self.prepared:
            return True
        return lever in COSTLY and people_needed(sun, self.limits[lever]) > 0

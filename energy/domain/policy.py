"""What may be done about a shortage, in which order, and how much of it: data that people change.

All money is int sun, all energy a plain number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from energy.domain.measuring import SUN
from energy.domain.states import Level
from runbooks.domain.actions import Caps


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
CAPS: Final = {
    Lever.BUY_ENERGY: Caps(500 * SUN, 1_500 * SUN, 50_000 * SUN),
    Lever.EMERGENCY_STAKING: Caps(1_000_000 * SUN, 1_000_000 * SUN, 10_000_000 * SUN),
}


@dataclass(frozen=True)
class Policy:
    levers: Mapping[Level, tuple[Lever, ...]] = field(default_factory=lambda: dict(ORDER))
    caps: Mapping[Lever, Caps] = field(default_factory=lambda: dict(CAPS))
    restore_percent: int = 20  # of the limit, where a response wants to arrive
    share_percent: int = 80  # of the TRX available, that a stake may take
    most_sun: int = 1_000_000 * SUN  # of one stake, by the manual
    reserve_sun: int = 1_000 * SUN  # for burning and bandwidth; never touched
    price_percent: int = 100  # of what burning costs, that bought energy may cost
    approval_above_sun: int = 100_000 * SUN  # of one action, from which two people decide
    prepared: frozenset[tuple[Level, Lever]] = frozenset(
        {(Level.EMERGENCY, Lever.EMERGENCY_STAKING)}
    )  # proposed only: a person approves

    def __post_init__(self) -> None:
        """Raises ValueError: a policy that could not be kept is none."""
        if not 0 < self.restore_percent <= 100 or not 0 <= self.share_percent <= 80:
            raise ValueError("restore_percent is 1 to 100, share_percent at most 80")
        if not 0 <= self.price_percent <= 100:
            raise ValueError("energy is never bought above the price of burning")
        if not 0 <= self.most_sun <= 1_000_000 * SUN or self.reserve_sun < 0:
            raise ValueError("a stake is at most 1,000,000 TRX, the reserve not below 0")
        if any(lever not in self.caps for lever in self._costly()):
            raise ValueError("what costs money needs caps")

    def _costly(self) -> set[Lever]:
        used = {lever for levers in self.levers.values() for lever in levers}
        return used & {Lever.BUY_ENERGY, Lever.EMERGENCY_STAKING}

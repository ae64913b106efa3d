"""What a node says of a wallet, and whether it may be believed.

A node in trouble answers {} or {"Error": …} with status 200, and whoever takes what is absent for zero
sees an empty wallet and stakes a million TRX for it. So what is absent is None here, and a wallet is
measured only when everything fits together. Energy is a plain number, money is int sun.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SUN: Final = 1_000_000  # in a TRX
DAY: Final = 86_400
FRESH: Final = timedelta(seconds=60)  # a head is new every 3 s
AHEAD: Final = timedelta(seconds=60)  # a head later than our clock: one of the two is wrong
APART: Final = 100  # one part in a hundred, between the limit told and the limit computed
LEVELS_APART: Final = 20  # one part in twenty of the limit, between two nodes' energy left


class Fault(StrEnum):
    UNREACHABLE = "unreachable"
    NONSENSE = "nonsense"
    NO_TOTALS = "no_totals"
    STALE_HEAD = "stale_head"
    LIMIT_DIFFERS = "limit_differs"
    NODES_DIFFER = "nodes_differ"


@dataclass(frozen=True)
class Unfreezing:
    amount_sun: int
    ends_at: datetime


@dataclass(frozen=True)
class Seen:
    """One node's answers about one wallet, as they came; None is what was not said."""

    head_number: int
    head_at: datetime
    used: int
    limit: int
    total_limit: int | None
    total_weight: int | None  # in whole TRX, as the chain counts it
    balance_sun: int = 0
    staked_sun: int = 0  # for energy, without what is delegated to others
    delegated_out_sun: int = 0
    delegated_in_sun: int = 0
    unfreezing: Sequence[Unfreezing] = ()
    window: int = DAY  # seconds until what is used has recovered
    energy_fee_sun: int | None = None  # what burning costs instead, per energy


@dataclass(frozen=True)
class Failed:
    fault: Fault
    detail: str = ""


@dataclass(frozen=True)
class Measured:
    """A valid reading. A limit of zero is no capacity: it has no percentage."""

    seen: Seen

    @property
    def left(self) -> int:
        """Never less than nothing, though usage can exceed a limit that has fallen."""
        return max(0, self.seen.limit - self.seen.used)

    @property
    def limit(self) -> int:
        return self.seen.limit


def measure(seen: Seen, *, at: datetime, second: Seen | None = None) -> Measured | Failed:
    """The second is what an independent node said, where one is configured."""
    for one in (seen, second):
        if one is not None and (failed := _doubt(one, at)):
            return failed
    if second is not None and _differ(seen, second):
        return Failed(
            Fault.NODES_DIFFER,
            f"{seen.limit - seen.used} of {seen.limit}, {second.limit - second.used} of {second.limit}",
        )
    return Measured(seen)


def computed_limit(seen: Seen) -> int:
    """As the chain computes it: the share of all that is staked for energy."""
    if not seen.total_limit or not seen.total_weight:
        return 0
    weight = (seen.staked_sun + seen.delegated_in_sun) // SUN
    return weight * seen.total_limit // seen.total_weight


def _doubt(seen: Seen, at: datetime) -> Failed | None:
    if not seen.total_limit or not seen.total_weight:
        return Failed(Fault.NO_TOTALS)
    if not at - FRESH <= seen.head_at <= at + AHEAD:
        return Failed(Fault.STALE_HEAD, f"{seen.head_number} {seen.head_at.isoformat()}")
    if min(seen.used, seen.limit, seen.balance_sun, seen.staked_sun, seen.window) < 0:
        return Failed(Fault.NONSENSE, "a negative amount")
    ours = computed_limit(seen)
    # A TRX of rounding either way, or the smallest wallets would never be believed.
    trx = seen.total_limit // seen.total_weight + 1
    if abs(ours - seen.limit) * APART > max(ours, seen.limit) + trx * APART:
        return Failed(Fault.LIMIT_DIFFERS, f"{seen.limit}, {ours} expected")
    return None


def _differ(one: Seen, other: Seen) -> bool:
    """They may be some blocks apart, in which withdrawals went out."""
    high, low = max(one.limit, other.limit), min(one.limit, other.limit)
    if (high - low) * APART > high:
        return True
    left = [max(0, node.limit - node.used) for node in (one, other)]
    return abs(left[0] - left[1]) * LEVELS_APART > high

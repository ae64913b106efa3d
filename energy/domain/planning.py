"""What the policy would do now, with which amounts, and why: for the response, and for whoever asks.

Each lever is planned by what it should bring; when one then fails, the response plans again with what
the chain says, so nothing here depends on another step's success but the amount still missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Final

from energy.domain.measuring import SUN
from energy.domain.policy import Lever, Policy
from energy.domain.states import Level
from runbooks.domain.actions import Spent

LEAST_SUN: Final = SUN  # the chain stakes and delegates no less


class Why(StrEnum):
    """Of a step, or of a lever that is not used; the words are the screens'."""

    SHORT = "short"  # it brings some of what is missing
    CUSTOMERS_WAIT = "customers_wait"  # withdrawals would fail or burn TRX
    ENOUGH = "enough"  # nothing is missing any more
    NOTHING_IDLE = "nothing_idle"
    NO_UNSTAKES = "no_unstakes"
    NO_OFFER = "no_offer"
    TOO_DEAR = "too_dear"  # more than burning costs
    CAP_REACHED = "cap_reached"
    RESERVE = "reserve"  # what is left is kept for burning
    HELD_ALREADY = "held_already"


@dataclass(frozen=True)
class Offer:
    """So much energy for so much in all; less of it costs its share, but never less than the least."""

    provider: str
    energy: int
    total_sun: int
    least: int = 1

    def cost(self, energy: int) -> int:
        return -(-self.total_sun * energy // self.energy)

    def affordable(self, sun: int) -> int:
        return self.energy if self.total_sun <= sun else sun * self.energy // self.total_sun


@dataclass(frozen=True)
class Situation:
    """Of one wallet that is short, and of the account that helps it."""

    level: Level  # confirmed: nothing is spent on a single reading
    left: int
    limit: int
    total_limit: int
    total_weight: int  # TRX
    energy_fee_sun: int
    balance_sun: int = 0
    reserved_sun: int = 0  # by intents that are still open
    idle_sun: int = 0  # staked, and its energy not in use
    unstaking_sun: int = 0
    offers: Sequence[Offer] = ()
    spent: Mapping[Lever, Spent] = field(default_factory=dict)
    paused: frozenset[Lever] = frozenset()  # what of the withdrawals is held already

    def energy_of(self, sun: int) -> int:
        return sun // SUN * self.total_limit // self.total_weight

    def sun_for(self, energy: int) -> int:
        """Whole TRX, as the chain counts stakes."""
        return -(-energy * self.total_weight // self.total_limit) * SUN


@dataclass(frozen=True)
class Step:
    lever: Lever
    why: Why
    sun: int = 0  # staked, delegated or paid
    energy: int = 0  # expected
    provider: str = ""
    approval: bool = False  # a person decides first


@dataclass(frozen=True)
class Plan:
    missing: int  # energy, before anything is done
    steps: tuple[Step, ...]
    unused: Mapping[Lever, Why]
    still_missing: int  # when all of it is done

    @property
    def sun(self) -> int:
        """Spent or bound, at most."""
        return sum(step.sun for step in self.steps if step.lever in _COSTLY)


_COSTLY: Final = frozenset({Lever.BUY_ENERGY, Lever.EMERGENCY_STAKING})
_HOLDS: Final = frozenset({Lever.PAUSE_WITHDRAWALS, Lever.HOLD_WITHDRAWALS})


def missing_energy(situation: Situation, policy: Policy) -> int:
    wanted = -(-situation.limit * policy.restore_percent // 100)
    return max(0, wanted - situation.left)


def plan(situation: Situation, policy: Policy) -> Plan:
    missing = still = missing_energy(situation, policy)
    steps, unused, rest = list[Step](), dict[Lever, Why](), situation
    for lever in policy.levers.get(situation.level, ()):
        found = _steps(lever, rest, policy, still)
        if isinstance(found, Why):
            unused[lever] = found
            continue
        for step in found:
            approval = step.sun > policy.approval_above_sun and lever in _COSTLY
            prepared = (situation.level, lever) in policy.prepared
            steps.append(replace(step, approval=approval or prepared))
            still = max(0, still - step.energy)
            if lever in _COSTLY:
                rest = replace(rest, reserved_sun=rest.reserved_sun + step.sun)
    return Plan(missing, tuple(steps), unused, still)


def _steps(
    lever: Lever, situation: Situation, policy: Policy, missing: int
) -> tuple[Step, ...] | Why:
    if lever in _HOLDS:
        held = lever in situation.paused
        return Why.HELD_ALREADY if held else (Step(lever, Why.CUSTOMERS_WAIT),)
    if not missing:
        return Why.ENOUGH
    match lever:
        case Lever.DELEGATE_ENERGY:
            return _delegate(situation, missing)
        case Lever.CANCEL_UNSTAKES:
            return _cancel(situation)
        case Lever.BUY_ENERGY:
            return _buy(situation, policy, missing)
        case _:
            return _stake(situation, policy, missing)


def _delegate(situation: Situation, missing: int) -> tuple[Step, ...] | Why:
    sun = min(situation.sun_for(missing), situation.idle_sun // SUN * SUN)
    if sun < LEAST_SUN:
        return Why.NOTHING_IDLE
    return (Step(Lever.DELEGATE_ENERGY, Why.SHORT, sun, situation.energy_of(sun)),)


def _cancel(situation: Situation) -> tuple[Step, ...] | Why:
    """All of them, or none: the chain knows no half."""
    sun = situation.unstaking_sun
    if sun < LEAST_SUN:
        return Why.NO_UNSTAKES
    return (Step(Lever.CANCEL_UNSTAKES, Why.SHORT, sun, situation.energy_of(sun)),)


def _buy(situation: Situation, policy: Policy, missing: int) -> tuple[Step, ...] | Why:
    """The cheapest first, each within the caps and never above the price of burning."""
    fair = [offer for offer in situation.offers if _is_fair(offer, situation, policy)]
    if not fair:
        return Why.TOO_DEAR if situation.offers else Why.NO_OFFER
    caps, spent = policy.caps[Lever.BUY_ENERGY], situation.spent.get(Lever.BUY_ENERGY, Spent())
    steps = list[Step]()
    for offer in sorted(fair, key=lambda one: Fraction(one.total_sun, one.energy)):
        energy = min(max(missing, offer.least), offer.energy, offer.affordable(caps.left(spent)))
        cost = offer.cost(energy)
        if energy < max(1, offer.least):
            continue
        steps.append(Step(Lever.BUY_ENERGY, Why.SHORT, cost, energy, offer.provider))
        spent = Spent(spent.day + cost, spent.lifetime + cost)
        missing -= energy
        if missing <= 0:
            break
    return tuple(steps) or Why.CAP_REACHED


def _is_fair(offer: Offer, situation: Situation, policy: Policy) -> bool:
    if offer.energy <= 0 or offer.total_sun < 0:
        return False
    burning = offer.energy * situation.energy_fee_sun * policy.price_percent
    return offer.total_sun * 100 <= burning


def _stake(situation: Situation, policy: Policy, missing: int) -> tuple[Step, ...] | Why:
    """min(what is missing, 80 % of the available TRX, 1,000,000 TRX, caps, balance - reserve)."""
    available = max(0, situation.balance_sun - situation.reserved_sun)
    allowed = policy.caps[Lever.EMERGENCY_STAKING].left(
        situation.spent.get(Lever.EMERGENCY_STAKING, Spent())
    )
    limits = {
        situation.sun_for(missing): Why.SHORT,
        policy.most_sun: Why.SHORT,
        allowed: Why.CAP_REACHED,
        available * policy.share_percent // 100: Why.RESERVE,
        available - policy.reserve_sun: Why.RESERVE,
    }
    sun = max(0, min(limits)) // SUN * SUN
    if sun < LEAST_SUN:
        return limits[min(limits)]
    return (Step(Lever.EMERGENCY_STAKING, Why.SHORT, sun, situation.energy_of(sun)),)

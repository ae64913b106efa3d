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
from energy.domain.policy import COSTLY, Lever, Policy
from energy.domain.states import Level
from runbooks.domain.actions import Caps, Spent

LEAST_SUN: Final = SUN  # the chain stakes and delegates no less
WORTH: Final = 65_000  # energy of one transfer: an account is not kept busy for less
NEAR: Final = 1  # percent of the limit: each stake dilutes all others, so a wish is met almost


class Why(StrEnum):
    """Of a step, or of a lever that is not used; the words are the screens'."""

    SHORT = "short"  # it brings some of what is missing
    CUSTOMERS_WAIT = "customers_wait"  # withdrawals would fail or burn TRX
    ENOUGH = "enough"  # nothing is missing any more
    NOTHING_IDLE = "nothing_idle"
    NO_UNSTAKES = "no_unstakes"
    NO_TREASURY = "no_treasury"  # each is busy with a transaction, or not measured
    NO_OFFER = "no_offer"
    NOT_ASKED = "not_asked"  # no market lately
    NO_RISE = "no_rise"  # what the chain has confirmed may still show: not paid for twice
    SET_ASIDE = "set_aside"  # every market was paid for something that has not come
    TOO_DEAR = "too_dear"  # more than burning costs
    CAP_REACHED = "cap_reached"
    RESERVE = "reserve"  # what is left is kept for burning
    HELD_ALREADY = "held_already"
    WAITS = "waits"  # one of its kind waits for people or for the limits
    SWITCHED_OFF = "switched_off"
    NO_RAILS = "no_rails"  # no wallet service, or nothing that this wallet pays


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
class Helper:
    """An account that can lend or stake: a treasury, or the short wallet itself."""

    key: int = 0
    balance_sun: int = 0
    reserved_sun: int = 0  # by intents that are still open
    reserve_sun: int = 1_000 * SUN  # for burning and bandwidth; never touched
    idle_sun: int = 0  # staked, and its energy not in use
    unstaking_sun: int = 0
    allowed_sun: int | None = None  # of a stake, by its own caps; None: it has none

    def stakeable(self, share_percent: int) -> int:
        """By its balance alone."""
        available = max(0, self.balance_sun - self.reserved_sun)
        return stakeable(available, share_percent=share_percent, reserve=self.reserve_sun)

    def gives(self, share_percent: int) -> int:
        """As much as it has and may."""
        most = self.stakeable(share_percent)
        return most if self.allowed_sun is None else min(most, self.allowed_sun)


@dataclass(frozen=True)
class Situation:
    """Of one wallet that is short, and of those that may help it."""

    level: Level  # confirmed: nothing is spent on a single reading
    left: int
    limit: int
    total_limit: int
    total_weight: int  # TRX
    energy_fee_sun: int
    helpers: Sequence[Helper] = ()
    offers: Sequence[Offer] = ()
    spent: Mapping[Lever, Spent] = field(default_factory=dict)
    blocked: Mapping[Lever, Why] = field(default_factory=dict)  # and why
    own_caps: Caps | None = None  # of the short wallet, for what is bought for it
    bought: Spent = field(default_factory=Spent)  # for it, as those count
    in_flight: int = 0  # energy that transfers take which are broadcast, and in no block yet

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
    helper: int = 0  # whose stake or TRX
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
        return sum(step.sun for step in self.steps if step.lever in COSTLY)


_HOLDS: Final = frozenset({Lever.PAUSE_WITHDRAWALS, Lever.HOLD_WITHDRAWALS})
_HELPED: Final = frozenset({Lever.DELEGATE_ENERGY, Lever.CANCEL_UNSTAKES, Lever.EMERGENCY_STAKING})


def missing_energy(situation: Situation, policy: Policy) -> int:
    """What has to come, which raises the limit as well of which a share is wanted; 0 for a trifle."""
    percent = policy.restore_percent
    left = max(0, situation.left - situation.in_flight)
    short = situation.limit * percent - left * 100
    missing = -(-short // (100 - percent)) if percent < 100 else short // 100
    return missing if missing > min(situation.limit * NEAR // 100, WORTH) else 0


def stakeable(balance: int, *, share_percent: int, reserve: int) -> int:
    """Sun of a balance that may be staked: a share of it, and never the reserve."""
    return max(0, min(balance * share_percent // 100, balance - reserve)) // SUN * SUN


def plan(situation: Situation, policy: Policy) -> Plan:
    missing = still = missing_energy(situation, policy)
    steps, unused = list[Step](), dict[Lever, Why]()
    for lever in policy.levers.get(situation.level, ()):
        found = _why_not(lever, situation, still) or _steps(lever, situation, policy, still)
        if isinstance(found, Why):
            unused[lever] = found
            continue
        for step in found:
            steps.append(replace(step, approval=policy.asks(situation.level, lever, step.sun)))
            still = max(0, still - step.energy)
    return Plan(missing, tuple(steps), unused, still)


def _why_not(lever: Lever, situation: Situation, missing: int) -> Why | None:
    if lever in situation.blocked:
        return situation.blocked[lever]
    if lever in _HOLDS:
        return None
    if not missing:
        return Why.ENOUGH
    return Why.NO_TREASURY if lever in _HELPED and not situation.helpers else None


def _steps(
    lever: Lever, situation: Situation, policy: Policy, missing: int
) -> tuple[Step, ...] | Why:
    if lever in _HOLDS:
        return (Step(lever, Why.CUSTOMERS_WAIT),)
    match lever:
        case Lever.DELEGATE_ENERGY:
            return _delegate(situation, missing)
        case Lever.CANCEL_UNSTAKES:
            return _cancel(situation, missing)
        case Lever.BUY_ENERGY:
            return _buy(situation, policy, missing)
        case _:
            return _stake(situation, policy, missing)


def _delegate(situation: Situation, missing: int) -> tuple[Step, ...] | Why:
    steps = list[Step]()
    for helper in sorted(situation.helpers, key=lambda one: -one.idle_sun):
        sun = min(situation.sun_for(missing), helper.idle_sun // SUN * SUN)
        energy = situation.energy_of(sun)
        if missing <= 0 or sun < LEAST_SUN or energy < min(missing, WORTH):
            break
        steps.append(Step(Lever.DELEGATE_ENERGY, Why.SHORT, sun, energy, helper=helper.key))
        missing -= energy
    return tuple(steps) or Why.NOTHING_IDLE


def _cancel(situation: Situation, missing: int) -> tuple[Step, ...] | Why:
    """All of an account's, or none: the chain knows no half."""
    steps = list[Step]()
    for helper in sorted(situation.helpers, key=lambda one: -one.unstaking_sun):
        sun = helper.unstaking_sun
        if missing <= 0 or sun < LEAST_SUN:
            break
        energy = situation.energy_of(sun)
        steps.append(Step(Lever.CANCEL_UNSTAKES, Why.SHORT, sun, energy, helper=helper.key))
        missing -= energy
    return tuple(steps) or Why.NO_UNSTAKES


def _buy(situation: Situation, policy: Policy, missing: int) -> tuple[Step, ...] | Why:
    """The cheapest first, each within the caps and never above the price of burning."""
    fair = [offer for offer in situation.offers if _is_fair(offer, situation, policy)]
    if not fair:
        return Why.TOO_DEAR if situation.offers else Why.NO_OFFER
    spent, own = situation.spent.get(Lever.BUY_ENERGY, Spent()), situation.bought
    steps = list[Step]()
    for offer in sorted(fair, key=lambda one: Fraction(one.total_sun, one.energy)):
        allowed = policy.left(Lever.BUY_ENERGY, spent)
        if situation.own_caps is not None:
            allowed = min(allowed, situation.own_caps.left(own))
        energy = min(max(missing, offer.least), offer.energy, offer.affordable(allowed))
        cost = offer.cost(energy)
        if energy < max(1, offer.least):
            continue
        steps.append(Step(Lever.BUY_ENERGY, Why.SHORT, cost, energy, offer.provider))
        spent, own = spent.plus(cost), own.plus(cost)
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
    share = policy.share_percent
    richest = max(situation.helpers, key=lambda one: one.gives(share), default=Helper())
    allowed = policy.left(
        Lever.EMERGENCY_STAKING, situation.spent.get(Lever.EMERGENCY_STAKING, Spent())
    )
    if richest.allowed_sun is not None:
        allowed = min(allowed, richest.allowed_sun)
    limits = {
        situation.sun_for(missing): Why.SHORT,
        policy.most_sun: Why.SHORT,
        allowed: Why.CAP_REACHED,
        richest.stakeable(share): Why.RESERVE,
    }
    sun = max(0, min(limits)) // SUN * SUN
    if sun < LEAST_SUN:
        return limits[min(limits)]
    energy = situation.energy_of(sun)
    return (Step(Lever.EMERGENCY_STAKING, Why.SHORT, sun, energy, helper=richest.key),)

"""What a response would do next, by the rows and the chain as they stand. Nothing is written, nothing bought.

For the response itself, and for its dry run, whose `Response` is no row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from energy.domain import planning
from energy.domain.planning import Plan, Situation, Why
from energy.domain.policy import BRINGING, COSTLY, Lever, Policy
from energy.domain.responses import BADLY, Result
from energy.domain.states import Level
from energy.models import Purchase, Reading, Response, Step, Wallet
from energy.offers import offers, on_sale
from energy.reckoning import situation_of, switched_off
from energy.services import rails

AGAIN: Final = timedelta(minutes=10)  # until what failed is tried once more


def first_hold(
    response: Response, steps: Sequence[Step], *, at: datetime
) -> tuple[planning.Step, list[str]] | None:
    """The rails to hold before anything else is planned."""
    levers = response.policy.plain().levers.get(Level(response.level), ())
    lever = next((one for one in levers if one in rails.SCOPES), None)
    if lever is None or lever in switched_off() or response.wallet.failures:
        return None
    to_hold = rails.to_hold(response, steps, levers, at=at)
    return (planning.Step(lever, Why.CUSTOMERS_WAIT), to_hold) if to_hold else None


def of(
    response: Response,
    reading: Reading,
    helpers: Sequence[tuple[Wallet, Reading]],
    steps: Sequence[Step],
    *,
    at: datetime,
) -> tuple[Situation, Plan]:
    """Markets are asked for their prices on the way."""
    policy = response.policy.plain()
    situation = _situation(response, reading, helpers, steps, at)
    situation = _with_offers(situation, response, policy, steps, at)
    return situation, planning.plan(situation, policy)


def _situation(
    response: Response,
    reading: Reading,
    helpers: Sequence[tuple[Wallet, Reading]],
    steps: Sequence[Step],
    at: datetime,
) -> Situation:
    """Rails are held already, as far as they may be (`hold`)."""
    blocked = {step.lever: Why.WAITS for step in steps if step.result is Result.WAITS}
    if any(step.holds_back for step in steps):
        blocked |= dict.fromkeys(COSTLY, Why.NO_RISE)
    held = any(step.rail for step in steps) or rails.are_held(response)
    blocked |= dict.fromkeys(rails.SCOPES, Why.HELD_ALREADY if held else Why.NO_RAILS)
    found = situation_of(
        response.wallet, Level(response.level), reading, helpers, at=at,
        blocked={Lever(lever): why for lever, why in blocked.items()},
    )  # fmt: skip
    assumed = sum(one.energy for one in steps if one.result is Result.SHADOWED)
    spent = {(step.lever, step.helper_id) for step in _tried(steps, at)}
    means = [
        replace(
            one,
            idle_sun=0 if (Lever.DELEGATE_ENERGY, one.key) in spent else one.idle_sun,
            unstaking_sun=0 if (Lever.CANCEL_UNSTAKES, one.key) in spent else one.unstaking_sun,
            balance_sun=0 if (Lever.EMERGENCY_STAKING, one.key) in spent else one.balance_sun,
        )
        for one in found.helpers
    ]
    in_flight = rails.in_flight(response.wallet)
    return replace(found, left=found.left + assumed, helpers=means, in_flight=in_flight)


def _tried(steps: Iterable[Step], at: datetime) -> list[Step]:
    """What is not to be tried again: it failed a while ago, may still show, or was done but for the shadow."""
    return [
        step
        for step in steps
        if step.result is Result.SHADOWED
        or step.holds_back
        or (step.result in BADLY and step.action and _lately(step, at))
    ]


def _lately(step: Step, at: datetime) -> bool:
    ended = step.action.ended_at if step.action else None
    return ended is None or ended > at - AGAIN


def _with_offers(
    situation: Situation, response: Response, policy: Policy, steps: Sequence[Step], at: datetime
) -> Situation:
    """Markets are asked only for what nothing free brings."""
    levers = policy.levers.get(situation.level, ())
    if Lever.BUY_ENERGY not in levers or Lever.BUY_ENERGY in situation.blocked:
        return situation
    free = planning.plan(situation, policy)
    brought = sum(one.energy for one in free.steps if one.lever in BRINGING)
    owing = Purchase.objects.distrusted()
    if owing and owing >= on_sale():
        return replace(situation, blocked={**situation.blocked, Lever.BUY_ENERGY: Why.SET_ASIDE})
    without = owing | {step.provider for step in _tried(steps, at) if step.provider}
    found = offers(
        response.wallet.address, free.missing - brought, seconds=response.policy.rent_for,
        without=without,
    )  # fmt: skip
    return replace(situation, offers=found)

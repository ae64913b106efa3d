"""What is done next: planned from what the chain says now, proposed as guarded actions, all or none of it.

A round is looked up without holding anything, for markets are asked on the way; it is written in one
transaction that holds the response, and only if nobody else has written one meanwhile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from core.nudge import nudge
from energy.domain import planning
from energy.domain.planning import Plan, Situation, Why
from energy.domain.policy import BRINGING, Lever, Policy
from energy.domain.responses import BADLY, Result
from energy.domain.states import Level
from energy.models import Pause, Purchase, Reading, Response, Step, Wallet
from energy.offers import offers, on_sale
from energy.reckoning import helpers_at, situation_of, switched_off
from energy.services import asking, rails

AGAIN: Final = timedelta(minutes=10)  # until what failed is tried once more
CHAIN: Final = frozenset({Lever.DELEGATE_ENERGY, Lever.CANCEL_UNSTAKES, Lever.EMERGENCY_STAKING})
SHOWN_ALREADY: Final = frozenset({Why.WAITS, Why.HELD_ALREADY})  # by the step that does
WATCH: Final = "energy.watch"


@dataclass(frozen=True)
class Outlook:
    """`wanted`: to be proposed now. `waits`: something is being done, or readings from after it are to come."""

    plan: Plan | None = None
    wanted: Sequence[planning.Step] = ()
    rails: Sequence[str] = ()
    waits: bool = False


def hold(response: Response, *, at: datetime) -> bool:
    """Rails by themselves and first: no market that is slow and no purchase that hangs may keep them waiting."""
    levers = response.policy.plain().levers.get(Level(response.level), ())
    lever = next((one for one in levers if one in rails.SCOPES), None)
    if lever is None or lever in switched_off() or response.wallet.failures:
        return False
    to_hold = rails.to_hold(response, list(response.steps.with_results()), levers, at=at)
    if not to_hold:
        return False
    step = planning.Step(lever, Why.CUSTOMERS_WAIT)
    return write(response, Outlook(Plan(response.missing, (step,), {}, 0), [step], to_hold), at=at)


def outlook(response: Response, *, at: datetime) -> Outlook:
    """What else would be proposed; nothing is written but the wish for newer readings."""
    steps = list(response.steps.with_results())
    if any(step.result is Result.RUNNING and not step.rail for step in steps):
        return Outlook(waits=True)
    helpers = helpers_at(at)
    since = max(filter(None, map(_moved_at, steps)), default=None)
    if since and _read_anew([response.wallet, *(one for one, _ in helpers)], since, at):
        return Outlook(waits=True)
    reading = response.wallet.last
    if reading is None or response.wallet.failures or not reading.total_weight:
        return Outlook(waits=True)
    policy = response.policy.plain()
    situation = _situation(response, reading, helpers, steps, at)
    plan = planning.plan(_with_offers(situation, response, policy, steps, at), policy)
    wanted = _wanted(plan.steps)
    holding = any(step.result is Result.RUNNING for step in steps)
    return Outlook(plan, wanted, waits=holding and not wanted)


def write(response: Response, found: Outlook, *, at: datetime) -> bool:
    """False: somebody else has written a round meanwhile."""
    with transaction.atomic():
        rows = Response.objects.open().select_for_update()
        held = rows.filter(pk=response.pk, round=response.round).first()
        if held is None or found.plan is None or held.incident is None:
            return False
        number = 0
        for step in found.wanted:
            for rail in found.rails if step.lever in rails.SCOPES else [""]:
                number += 1
                _propose(held, step, rail, number, at)
        _note_unused(held, found.plan)
        response.round = held.round = held.round + bool(number)
        response.missing = held.missing = found.plan.missing
        response.planned_at = held.planned_at = at
        held.save(update_fields=["round", "missing", "planned_at"])
    return True


def _propose(response: Response, step: planning.Step, rail: str, number: int, at: datetime) -> None:
    key = f"{response.code}-{response.round + 1}-{number}"
    action = asking.ask(response, step, rail, key, at=at)
    Step.objects.create(
        response=response, round=response.round + 1, lever=step.lever, why=step.why,
        level=response.level, sun=step.sun, energy=step.energy, provider=step.provider, rail=rail,
        helper_id=step.helper or None, action=action,
    )  # fmt: skip
    if rail:
        whole = step.lever is Lever.PAUSE_WITHDRAWALS
        Pause.objects.create(response=response, action=action, rail=rail, whole=whole)


def _note_unused(response: Response, plan: Plan) -> None:
    """Each once, until its reason is another."""
    rows = response.steps.filter(action=None).order_by("pk")
    said = dict(rows.values_list("lever", "why"))
    Step.objects.bulk_create(
        Step(
            response=response, round=response.round + 1, lever=lever, why=why, level=response.level
        )
        for lever, why in plan.unused.items()
        if said.get(lever) != why and why not in SHOWN_ALREADY
    )


def _wanted(steps: Iterable[planning.Step]) -> list[planning.Step]:
    """One transaction of an account and one purchase at a time; a stake when nothing else is left."""
    wanted, taken = list[planning.Step](), set[object]()
    for step in steps:
        turn = ("chain", step.helper) if step.lever in CHAIN else step.lever
        if turn not in taken:
            wanted.append(step)
        taken.add(turn)
    if any(step.lever in BRINGING for step in wanted):
        wanted = [step for step in wanted if step.lever is not Lever.EMERGENCY_STAKING]
    return wanted


def _moved_at(step: Step) -> datetime | None:
    """When it may have changed what the chain says."""
    action = step.action
    if action is None or action.began_at is None or step.rail:
        return None
    return action.ended_at


def _read_anew(wallets: Iterable[Wallet], since: datetime, at: datetime) -> bool:
    """Whether any reading is older than that; those are taken at once."""
    old = [one.pk for one in wallets if one.last is None or one.last.at <= since]
    if old:
        Wallet.objects.filter(pk__in=old, due_at__gt=at).update(due_at=at)
        nudge(WATCH)
    return bool(old)


def _situation(
    response: Response,
    reading: Reading,
    helpers: Sequence[tuple[Wallet, Reading]],
    steps: Sequence[Step],
    at: datetime,
) -> Situation:
    """Rails are held already, as far as they may be (`hold`)."""
    blocked = {step.lever: Why.WAITS for step in steps if step.result is Result.WAITS}
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
    return replace(found, left=found.left + assumed, helpers=means)


def _tried(steps: Iterable[Step], at: datetime) -> list[Step]:
    """What is not to be tried again: it failed a while ago, or would have been done but for the shadow."""
    return [
        step
        for step in steps
        if step.result is Result.SHADOWED
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

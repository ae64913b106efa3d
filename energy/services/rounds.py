"""What is done next: planned from what the chain says now, proposed as guarded actions, all or none of it.

A round is looked up without holding anything, for markets are asked on the way; it is written in one
transaction that holds the response, and only if nobody else has written one meanwhile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from core.nudge import nudge
from energy.domain import planning
from energy.domain.planning import Plan, Why
from energy.domain.policy import Lever
from energy.domain.responses import Result
from energy.domain.turns import in_turn
from energy.models import Pause, Response, Step, Wallet
from energy.reckoning import helpers_at
from energy.services import asking, plans, rails

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
    found = plans.first_hold(response, list(response.steps.with_results()), at=at)
    if found is None:
        return False
    step, to_hold = found
    return write(response, Outlook(Plan(response.missing, (step,), {}, 0), [step], to_hold), at=at)


def outlook(response: Response, *, at: datetime) -> Outlook:
    """What else would be proposed; nothing is written but the wish for newer readings."""
    steps = list(response.steps.with_results())
    helpers = helpers_at(at)
    since = max(filter(None, map(_moved_at, steps)), default=None)
    anew = since and _read_anew([response.wallet, *(one for one, _ in helpers)], since, at)
    if anew or any(step.result is Result.RUNNING and not step.rail for step in steps):
        return Outlook(waits=True)
    reading = response.wallet.last
    if reading is None or response.wallet.failures or not reading.total_weight:
        return Outlook(waits=True)
    _situation, plan = plans.of(response, reading, helpers, steps, at=at)
    wanted = in_turn(plan.steps)
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

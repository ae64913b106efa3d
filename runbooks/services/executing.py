"""From approved to done. What is begun has been decided, counted and committed before anything happens.

Any number of processes may call this at once. Whoever dies between two lines of it leaves a row that says
so: not begun, which the next one begins, or executing under a lease that ends, after which it is only
looked at (`reconciling`). Nothing is ever executed twice.
"""

import logging
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from core import clock
from core.nudge import nudge
from runbooks.domain.actions import (
    Before,
    Mode,
    Outcome,
    State,
    Verdict,
    Why,
    next_look,
    verdict,
)
from runbooks.models import Action, Halt, Limits
from runbooks.registry import LEASE, actions, followers
from runbooks.services import entries
from runbooks.services.approving import is_approved

log = logging.getLogger(__name__)


def execute_next(*, at: datetime, after: int = 0) -> int | None:
    """Begin the first approved action beyond this id, and execute it if it may; its id, or None."""
    approved = Action.objects.filter(state=State.APPROVED, pk__gt=after).order_by("pk")
    action = approved.select_related("incident").first()
    if action is None:
        return None
    if action.kind in actions and (lease := _begin(action, at)):
        _execute(action, lease)
    return action.pk


def _begin(action: Action, at: datetime) -> uuid.UUID | None:
    """Its part of the budget is taken in the transaction that says it is executing."""
    limits = Limits.of(action.kind)
    with transaction.atomic():
        incident = entries.held(action)
        found = Action.objects.select_for_update(skip_locked=True).filter(
            pk=action.pk, state=State.APPROVED
        )
        if not found.exists():
            return None
        limits = Limits.objects.select_for_update().get(pk=limits.pk)
        decided = _judge(action, limits, at)
        if decided is Verdict.GO:
            lease = uuid.uuid4()
            Action.objects.move(
                action, State.APPROVED, to=State.EXECUTING, began_at=at, lease=lease,
                lease_until=at + LEASE, waits_for="",
            )  # fmt: skip
            entries.write(incident, "begun", action, at=at)
            return lease
        if decided is Verdict.SHADOW or decided is Why.EXPIRED:
            to = State.SHADOWED if decided is Verdict.SHADOW else State.EXPIRED
            Action.objects.move(action, State.APPROVED, to=to, ended_at=at, waits_for="")
            entries.write(incident, to, action, at=at)
        elif decided.value != action.waits_for:
            Action.objects.filter(pk=action.pk).update(waits_for=decided.value)
            entries.write(incident, "waits", action, at=at, why=decided.value)
    return None


def _judge(action: Action, limits: Limits, at: datetime) -> Verdict | Why:
    decided = judge(action, limits, Action.objects.before(action, now=at), at=at)
    if decided is Verdict.GO and not is_approved(action, limits.plain, at=at):
        return Why.APPROVAL
    return decided


def judge(action: Action, limits: Limits, others: Before, *, at: datetime) -> Verdict | Why:
    """All but the approvals."""
    return verdict(
        action.sun,
        limits.plain,
        others,
        mode=Mode(limits.mode),
        halted=Halt.objects.filter(lifted_at__isnull=True).exists(),
        proposed_at=action.proposed_at,
        now=at,
    )


def _execute(action: Action, lease: uuid.UUID) -> None:
    try:
        outcome = actions[action.kind].execute(action)
    except Exception as error:  # it may have happened: looked at, never done again
        log.exception("action %s (%s)", action.pk, action.kind)
        outcome = Outcome.unknown(f"{type(error).__name__}: {error}")
    if not end(action, State.EXECUTING, outcome, at=clock.database_now(), lease=lease):
        log.warning("action %s took longer than its lease", action.pk)


def end(
    action: Action,
    before: State,
    outcome: Outcome,
    *,
    at: datetime,
    lease: uuid.UUID | None = None,
    look_at: datetime | None = None,
) -> bool:
    """Write down what came of it; False when it is not ours any more. `lease`: who was executing."""
    facts: dict[str, Any] = entries.line(outcome.text)
    facts["facts"] = action.facts | dict(outcome.facts)
    if outcome.sun is not None:
        facts["sun"] = outcome.sun
    if outcome.state is State.UNKNOWN:
        facts["look_at"] = look_at or next_look(action.began_at or at, now=at)
    else:
        facts["ended_at"] = at
    with transaction.atomic():
        incident = entries.held(action)
        ours = Action.objects.filter(lease=lease)
        if not ours.move(action, before, to=outcome.state, lease=None, lease_until=None, **facts):
            return False
        entries.write(incident, outcome.state, action, at=at)
        for tick in followers:
            nudge(tick)
    return True

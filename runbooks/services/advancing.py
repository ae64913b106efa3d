"""Runs go on: what may begin is claimed, what was done is written down, what was lost is looked at.

Any number of processes may call this at once; a run's row is the turn. A step is running under a lease in the
transaction before anything happens, and its end is written only under the same lease. Whoever dies between leaves a
lease that ends: then the step begins again where that does no harm, and else a person is asked.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from core import clock
from core.nudge import nudge
from core.told import Told as _
from incidents.models import Incident
from runbooks.domain.actions import State as ActionState
from runbooks.domain.placeholders import Missing, filled
from runbooks.domain.runs import OVER, STUCK, RunState, State, Tree, after_loss, retry_after
from runbooks.models import Run, RunStep, StateName
from runbooks.services import runs_told
from runbooks.services.asking_first import ask_first
from runbooks.services.keeping import kept_of, line
from runbooks.services.starting import TICK
from runbooks.step import Came, Result, Work

LEASE: Final = timedelta(seconds=30)
LIGHT: Final = ("output", "rows", "said", "findings")  # not needed to go on


class NotOurs(Exception):
    """Our lease has ended, and somebody else may be at it: what is not done yet is left undone."""


@dataclass(frozen=True)
class Claim:
    step: RunStep
    work: Work
    lease: uuid.UUID


def going(*, at: datetime) -> list[int]:
    """Runs that may go on, and those with a step that somebody was at when they died."""
    lost = RunStep.objects.filter(state=State.RUNNING, lease_until__lte=at).values("run")
    rows = Run.objects.filter(Q(state=RunState.RUNNING) | Q(pk__in=lost))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def claim(run: int, *, at: datetime, most: int) -> list[Claim]:
    """The steps of this run that begin now, each under a lease of its own. What needs nobody is written at once."""
    with transaction.atomic():
        incident, held = runs_told.held(run)
        steps = list(held.steps.defer(*LIGHT).select_related("action").order_by("position"))
        for step in steps:
            _look_after(step, held, incident, at)
        if held.state != RunState.RUNNING:
            return []
        ready = {"/".join(row.path) for row in Tree(step.row for step in steps).ready()}
        claims: list[Claim] = []
        for step in steps:
            if (
                step.path in ready
                and (step.due_at is None or step.due_at <= at)
                and len(claims) < most
            ):
                claims += _begin(step, steps, held, incident, at)
        _settle(held, steps, incident, at)
        if incident and any(one.step.began_at == at for one in claims):
            Incident.objects.filter(pk=incident.pk).touch()  # its room shows what begins
    return claims


def _look_after(step: RunStep, run: Run, incident: Incident | None, at: datetime) -> None:
    """What was lost with whoever ran it, and what people decided about it meanwhile."""
    if step.state == State.RUNNING and step.lease_until and step.lease_until <= at:
        to = after_loss(repeatable=step.repeatable)
        text = line("" if to is State.PENDING else _("Whoever ran it died in the middle."))
        RunStep.objects.move(
            step,
            State.RUNNING,
            to=to,
            lease=None,
            lease_until=None,
            lost=True,
            due_at=at,
            **text,
        )
        if to is State.UNKNOWN:
            runs_told.write(incident, "step", run, at=at, step=step, state=to, text=step.told)
    elif step.state == State.WAITING and step.action and step.action.is_over:
        if step.action.state == ActionState.CONFIRMED:
            RunStep.objects.move(step, State.WAITING, to=State.PENDING)
        else:
            _fail(step, StateName(step.action.state).label, run, incident, at)


def _begin(
    step: RunStep, steps: Sequence[RunStep], run: Run, incident: Incident | None, at: datetime
) -> list[Claim]:
    try:
        settings = filled(step.given, values_for(step, steps))
    except Missing as missing:
        _fail(step, missing, run, incident, at)
        return []
    if step.dangerous and (waits := ask_first(step, run, digest_of(step, settings), at=at)):
        if RunStep.objects.move(step, State.PENDING, to=State.WAITING, action=waits):
            runs_told.write(incident, "waits", run, at=at, step=step, action=waits.pk)
        return []
    if step.action and step.action.parameters["digest"] != digest_of(step, settings):
        _fail(step, _("It is not what was approved."), run, incident, at)
        return []
    lease = uuid.uuid4()
    began = step.began_at or at
    RunStep.objects.move(
        step, State.PENDING, to=State.RUNNING, lease=lease, lease_until=at + LEASE, began_at=began
    )
    return [Claim(step, _work(step, settings, lease, at), lease)]


def _work(step: RunStep, settings: Mapping[str, Any], lease: uuid.UUID, at: datetime) -> Work:
    def remember(facts: Mapping[str, Any]) -> None:
        ours = RunStep.objects.filter(pk=step.pk, lease=lease)
        if not ours.update(remembered=dict(facts)):
            raise NotOurs(f"step {step.pk} went on without us")

    return Work(
        run=step.run_id, step=step.pk, key=step.key, settings=settings, timeout=step.timeout,
        began_at=step.began_at or at, at=at, again=step.lost, remembered=step.remembered,
        remember=remember,
    )  # fmt: skip


def values_for(step: RunStep, steps: Sequence[RunStep]) -> dict[str, Any]:
    """The inputs and items around it, and the facts of those before it in its own lane or around it."""
    prefix, mine = step.name.rpartition(".")[0], step.path.split("/")
    values = dict(step.scope) | {"run": {"id": step.run_id, "key": step.key}}
    for other in steps:
        parent = other.path.split("/")[:-1]
        before, _dot, name = other.name.rpartition(".")
        if other.state == State.DONE and before == prefix and mine[: len(parent)] == parent:
            values[name] = other.facts
    return values


def digest_of(step: RunStep, settings: Mapping[str, Any]) -> str:
    """Of exactly what is done: what was approved is that and nothing else."""
    text = json.dumps([step.kind, settings], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def finish(claim: Claim, result: Result, *, at: datetime) -> bool:
    """Write down what came of it; False when it is not ours any more."""
    step = claim.step
    with transaction.atomic():
        incident, run = runs_told.held(step.run_id)
        ours = RunStep.objects.filter(lease=claim.lease)
        to, more = _outcome(step, result, at)
        if not ours.move(step, State.RUNNING, to=to, lease=None, lease_until=None, **more):
            return False
        if to in (State.DONE, *STUCK):
            told = {"said": more["said"]} if more.get("said") else {}
            runs_told.write(
                incident, "step", run, at=at, step=step, state=to, text=step.told, **told
            )
        elif to is State.WAITING:
            runs_told.write(incident, "waits", run, at=at, step=step)
        nudge(TICK)
    return True


def _outcome(step: RunStep, result: Result, at: datetime) -> tuple[State, dict[str, Any]]:
    if result.came is Came.AGAIN:
        return State.PENDING, {
            "due_at": at + result.later,
            "lost": False,
            **line(result.text),
        }
    if result.came is Came.ASKS:
        return State.WAITING, line(result.text)
    told = kept_of(step, result) | {"ended_at": at}
    if result.came is Came.FAILED and step.attempt < step.retries:
        later = timedelta(seconds=retry_after(step.attempt + 1))
        again = {"attempt": step.attempt + 1, "due_at": at + later, "lost": False, "remembered": {}}
        return State.PENDING, told | again | {"ended_at": None, "began_at": None}
    to = {Came.DONE: State.DONE, Came.FAILED: State.FAILED}.get(result.came, State.UNKNOWN)
    return to, told


def _fail(step: RunStep, text: object, run: Run, incident: Incident | None, at: datetime) -> None:
    before = (State.PENDING, State.WAITING)
    RunStep.objects.move(step, *before, to=State.FAILED, ended_at=at, **line(text))
    runs_told.write(incident, "step", run, at=at, step=step, state="failed", text=step.told)


def _settle(run: Run, steps: Sequence[RunStep], incident: Incident | None, at: datetime) -> None:
    """How the run stands now; what is over or needs a person is said."""
    state = Tree(step.row for step in steps).run()
    if state == run.state:
        return
    over = {"ended_at": at} if state in OVER else {}
    Run.objects.filter(pk=run.pk).update(state=state, revision=run.revision + 1, **over)
    runs_told.write(incident, "over" if over else "steered", run, at=at, state=state)


def renew(leases: Sequence[uuid.UUID]) -> None:
    RunStep.objects.filter(lease__in=leases).update(lease_until=clock.database_now() + LEASE)

"""What people do with a run: pause, go on, skip, try again, say that it was done, answer, abort, take over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from core.told import Joined
from incidents.models import Incident
from runbooks.domain.actions import WAITING
from runbooks.domain.runs import NEXT, RunState, State
from runbooks.domain.writing import Wrong
from runbooks.models import Action, Run, RunStep, Steer, Steering
from runbooks.services import approving, runs_told
from runbooks.services.keeping import line
from runbooks.services.starting import TICK
from runbooks.step import Came, Work, steps
from teams.models import User

LEFT: Final = frozenset({State.PENDING, State.WAITING})


def pause(run: Run, *, by: User, at: datetime) -> None:
    """What is running ends; nothing begins. Raises Refused."""
    _to(run, {RunState.RUNNING}, RunState.PAUSED, by=by, at=at)


def go_on(run: Run, *, by: User, at: datetime) -> None:
    """Raises Refused."""
    _to(run, {RunState.PAUSED}, RunState.RUNNING, by=by, at=at)


def abort(run: Run, *, by: User, at: datetime, reason: str) -> None:
    """What is running ends and is written down; nothing else is done. Raises Refused."""
    with transaction.atomic():
        incident, held = _open(run)
        for step in held.steps.filter(state__in=LEFT).select_related("action"):
            _withdraw(step, by, at, reason)
            RunStep.objects.move(step, *LEFT, to=State.CANCELLED, ended_at=at)
        _say(held, incident, RunState.ABORTED, by, at, reason=reason, ended_at=at)


def take_over(run: Run, *, by: User, at: datetime) -> None:
    """Whoever is in charge cannot approve its dangerous steps, and is asked first. Raises Refused."""
    with transaction.atomic():
        incident, held = _open(run)
        if held.driver_id == by.pk:
            raise Refused(_("You are in charge already."))
        Run.objects.filter(pk=held.pk).update(driver=by, revision=F("revision") + 1)
        for action in Action.objects.filter(
            pk__in=held.steps.filter(action__state__in=WAITING).values("action")
        ).order_by("pk"):
            approving.hand_over(action, to=by, at=at)
        _tell(held, incident, Steer.TAKEN_OVER, by, at)


def retry(step: RunStep, *, by: User, at: datetime) -> None:
    """Once more, whatever became of it. Raises Refused."""
    more: dict[str, Any] = {
        "attempt": step.attempt + 1, "lost": False, "began_at": None, "ended_at": None, "due_at": None,
        "remembered": {}, "action": None, "decided_by": by,
    }  # fmt: skip
    _decide(
        step, {State.FAILED, State.UNKNOWN}, State.PENDING, by=by, at=at, what=Steer.RETRY, **more
    )


def skip(step: RunStep, *, by: User, at: datetime, reason: str) -> None:
    """The run goes on as if it were done. Raises Refused."""
    before = {State.PENDING, State.WAITING, State.FAILED, State.UNKNOWN}
    more = {**line(reason), "ended_at": at, "decided_by": by}
    _decide(step, before, State.SKIPPED, by=by, at=at, what=Steer.SKIP, reason=reason, **more)


def say_done(step: RunStep, *, by: User, at: datetime, reason: str) -> None:
    """Of one of which nobody could know: a person has looked. Raises Refused."""
    more = {**line(reason), "ended_at": at, "decided_by": by}
    _decide(step, {State.UNKNOWN}, State.DONE, by=by, at=at, what=Steer.DONE, reason=reason, **more)


def answer(step: RunStep, given: Mapping[str, Any], *, by: User, at: datetime) -> None:
    """What a step asked. Raises Refused."""
    work = Work(step.run_id, step.pk, step.key, step.given, step.timeout, step.began_at or at, at)
    if step.action_id is not None:
        raise Refused(_("It waits for an approval, not for an answer."))
    try:
        result = steps[step.kind].answered(work, given)
    except Wrong as wrong:
        raise Refused(str(wrong)) from wrong
    to = State.DONE if result.came is Came.DONE else State.FAILED
    more = {
        **line(result.text),
        "facts": dict(result.facts),
        "ended_at": at,
        "decided_by": by,
    }
    _decide(
        step, {State.WAITING}, to, by=by, at=at, what=Steer.ANSWER, reason=str(result.text), **more
    )


def _decide(
    step: RunStep,
    before: set[State],
    to: State,
    *,
    by: User,
    at: datetime,
    what: Steer,
    reason: str = "",
    **more: Any,
) -> None:
    """A run that had stopped for it goes on."""
    with transaction.atomic():
        incident, run = _open(step.run)
        fresh = RunStep.objects.select_related("action").get(pk=step.pk)
        if fresh.state not in before or to not in NEXT[State(fresh.state)] or fresh.holds:
            state = fresh.get_state_display()
            raise Refused(_("This step is already: %(state)s.") % {"state": state})
        _withdraw(fresh, by, at, reason)
        RunStep.objects.move(fresh, State(fresh.state), to=to, **more)
        if run.state == RunState.STOPPED:
            Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
        _tell(run, incident, what, by, at, step=fresh, reason=reason)
        nudge(TICK)


def _withdraw(step: RunStep, by: User, at: datetime, reason: str) -> None:
    if step.action is not None and step.action.state in WAITING:
        approving.refuse(step.action, at=at, reason=reason or Joined([step]), by=by)


def _to(run: Run, before: set[RunState], to: RunState, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        incident, held = _open(run)
        if held.state not in before:
            state = held.get_state_display()
            raise Refused(_("This run is already: %(state)s.") % {"state": state})
        _say(held, incident, to, by, at)
        nudge(TICK)


def _say(
    run: Run,
    incident: Incident | None,
    to: RunState,
    by: User,
    at: datetime,
    *,
    reason: str = "",
    **more: Any,
) -> None:
    Run.objects.filter(pk=run.pk).update(state=to, revision=F("revision") + 1, **more)
    _tell(run, incident, Steer(to), by, at, reason=reason)


def _tell(
    run: Run,
    incident: Incident | None,
    what: Steer,
    by: User,
    at: datetime,
    *,
    step: RunStep | None = None,
    reason: str = "",
) -> None:
    """Beside the run, and on the timeline of its incident where it has one."""
    Steering.objects.create(run=run, step=step, what=what, by=by, at=at, reason=reason)
    told = {"state": what.value} | ({"reason": reason} if reason else {})
    word = "over" if what is Steer.ABORTED else "steered"
    runs_told.write(incident, word, run, at=at, by=by, step=step, **told)


def _open(run: Run) -> tuple[Incident | None, Run]:
    incident, held = runs_told.held(run.pk)
    if held.is_over:
        raise Refused(_("This run is over."))
    return incident, held

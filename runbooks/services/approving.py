"""What people do with actions: propose, approve, refuse."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from incidents.models import Incident
from runbooks.domain import actions as domain
from runbooks.domain.actions import WAITING, Mode, State, Words, people_needed
from runbooks.models import Action, Approval, Limits, StateName
from runbooks.services import asking, entries
from teams.models import User

TICK: Final = "runbooks.tick"
log = logging.getLogger(__name__)


def propose(
    kind: str,
    key: str,
    parameters: Mapping[str, Any],
    *,
    at: datetime,
    sun: int = 0,
    incident: Incident | None = None,
    by: User | None = None,
    at_least: int = 0,
) -> Action:
    """The intent; the same key again is the same one, whatever has become of it meanwhile.

    `by` is None for the machine. `at_least` so many people approve it whatever the limits say. In shadow
    nobody is asked, as nothing will be done. Raises Refused when the key stands for something else.
    """
    limits = Limits.of(kind)
    asked = max(at_least, people_needed(sun, limits.plain))
    state = State.PROPOSED if asked and limits.mode != Mode.SHADOW else State.APPROVED
    given = {"parameters": dict(parameters), "sun": sun, "incident": incident}
    with transaction.atomic():
        if incident is not None:
            incident = Incident.objects.select_for_update().get(pk=incident.pk)
        action, made = Action.objects.get_or_create(
            kind=kind,
            key=key,
            defaults={
                **given,
                "proposed_by": by,
                "proposed_at": at,
                "at_least": at_least,
                "state": state,
            },
        )
        if made:
            entries.write(incident, "proposed", action, at=at, by=by, people=asked)
            nudge(TICK)
    if any(getattr(action, name) != value for name, value in given.items()):
        raise Refused(_("Under this key another action was proposed."))
    return action


class Denied(Refused):
    """An approval that counts for nothing; `why` is a word of `incidents.narration_actions`."""

    def __init__(self, why: str, words: str) -> None:
        super().__init__(words)
        self.why = why


def approve(action: Action, *, by: User, at: datetime) -> None:
    """One person's approval; the last that is needed sends it on its way.

    Raises Refused. That somebody tried in vain is written down.
    """
    try:
        _approve(action, by, at)
    except Denied as denied:
        log.warning("action %s: no approval by %s (%s)", action.pk, by.username, denied.why)
        with transaction.atomic():
            entries.write(entries.held(action), "denied", action, at=at, by=by, why=denied.why)
        raise


def _approve(action: Action, by: User, at: datetime) -> None:
    with transaction.atomic():
        incident = entries.held(action)
        action = Action.objects.select_for_update().get(pk=action.pk)
        limits = Limits.of(action.kind).plain
        _judge(action, by, limits, at)
        _approval, made = Approval.objects.get_or_create(
            action=action, person=by, defaults={"at": at}
        )
        if not made:
            return
        said = {"done": action.approvals.count(), "people": action.people_needed(limits)}
        entries.write(incident, "approved", action, at=at, by=by, **said)
        if is_approved(action, limits, at=at):
            Action.objects.move(action, State.PROPOSED, to=State.APPROVED)
            asking.withdraw(action)
            nudge(TICK)


def _judge(action: Action, by: User, limits: domain.Limits, at: datetime) -> None:
    if not action.is_waiting:
        raise Denied("over", _over(action))
    if action.proposed_by_id == by.pk:
        raise Denied("own", _("You proposed it: somebody else approves it."))
    if not able().filter(pk=by.pk).exists():
        raise Denied("unable", _("You may not approve this."))
    if at >= action.proposed_at + limits.valid_for:
        raise Denied("late", _("It was proposed too long ago to be right still. Propose it anew."))


def able() -> QuerySet[User]:
    """Who may approve, as they are now."""
    return User.objects.filter(is_active=True, role__in=asking.ABLE)


def refuse(action: Action, *, at: datetime, reason: Words, by: User | None = None) -> None:
    """Nothing of it is done, ever. `by` None: whoever proposed it needs it no more. Raises Refused."""
    with transaction.atomic():
        incident = entries.held(action)
        action = _waiting(action)
        Action.objects.move(
            action, *WAITING, to=State.REFUSED, ended_at=at, ended_by=by, **entries.line(reason)
        )
        asking.withdraw(action)
        entries.write(incident, "refused", action, at=at, by=by)


def hand_over(action: Action, *, to: User, at: datetime) -> None:
    """Somebody else asks for it now: no approval of theirs counts, and whoever may approve is asked anew."""
    with transaction.atomic():
        entries.held(action)
        action = _waiting(action)
        asking.withdraw(action)
        Action.objects.filter(pk=action.pk).update(proposed_by=to, proposed_at=at)
        action.proposed_by = to
        ways = [State.PROPOSED, State.APPROVED]
        if not is_approved(action, Limits.of(action.kind).plain, at=at):
            ways.reverse()
        Action.objects.move(action, ways[0], to=ways[1], waits_for="")
        nudge(TICK)


def is_approved(action: Action, limits: domain.Limits, *, at: datetime) -> bool:
    """By people who may still: whoever has left or lost the role since does not count."""
    given = action.approvals.filter(person__in=able())
    by = [domain.Approval(one.person_id, one.at) for one in given]
    people = {one.person for one in by} - {action.proposed_by_id}
    return len(people) >= action.at_least and domain.is_approved(
        action.sun, limits, proposer=action.proposed_by_id, by=by, now=at
    )


def _waiting(action: Action) -> Action:
    fresh = Action.objects.select_for_update().get(pk=action.pk)
    if not fresh.is_waiting:
        raise Refused(_over(fresh))
    return fresh


def _over(action: Action) -> str:
    return _("This action is already: %(state)s.") % {"state": StateName(action.state).label}

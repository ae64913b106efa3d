"""Who does what. One person a role, but for experts; whoever takes over relieves the one before."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.roles import Role, may_give
from incidents.models import Assembly, Incident, RoleHeld, RoleName
from incidents.services import timeline
from incidents.services.notices import notices
from incidents.services.policies import leader, read_book
from incidents.services.timeline import Entry
from notifications import queries as sent
from notifications import services as outbox
from teams.domain.roles import Action
from teams.models import User


def give_role(
    incident: Incident,
    role: Role,
    *,
    to: User,
    by: User,
    at: datetime,
    seen: Collection[int] | None = None,
) -> None:
    """Taken by oneself, or handed to somebody else, who is told quietly unless they were paged.

    `seen` are the holders the person saw: who took the role meanwhile is not relieved unawares.
    """
    with transaction.atomic():
        now = _held(incident)
        holders = [held.user for held in now.roles.now().filter(role=role).select_related("user")]
        if to in holders:
            return
        _check(now, role, holders, to=to, by=by, seen=seen)
        relieved = [] if role.held_by_many else holders
        now.roles.now().filter(role=role, user__in=relieved).update(until=at)
        held = now.roles.create(role=role, user=to, since=at, given_by=by)
        _say(now, held, relieved, by=by, at=at)
        Assembly.objects.look_again(now, at=at)


def leave_role(incident: Incident, role: Role, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        now = _held(incident)
        if now.roles.now().filter(role=role, user=by).update(until=at):
            timeline.append(now, Entry("role_left", at, by=by, data={"role": role.value}))
            Assembly.objects.look_again(now, at=at)


def first_to_lead(incident: Incident, by: User, *, at: datetime) -> bool:
    """Whoever answers first leads, until somebody takes over. The caller holds the incident's row."""
    if incident.roles.commanders().exists():
        return False
    incident.roles.create(role=Role.COMMANDER, user=by, since=at, given_by=by)
    return True


def _held(incident: Incident) -> Incident:
    now = Incident.objects.select_for_update().get(pk=incident.pk)
    if not now.is_open:
        raise Refused(_("The incident is over: its roles stay as they were."))
    return now


def _check(
    incident: Incident,
    role: Role,
    holders: list[User],
    *,
    to: User,
    by: User,
    seen: Collection[int] | None,
) -> None:
    if seen is not None and not role.held_by_many and {user.pk for user in holders} != set(seen):
        names = ", ".join(user.name for user in holders) or _("nobody")
        raise Refused(_("This role changed hands meanwhile. Now: %(names)s.") % {"names": names})
    commands = by.may(Action.COMMAND) or incident.commander == by
    if not may_give(to_self=to == by, holds_it=by in holders, commands=commands):
        raise Refused(_("Only whoever commands, or holds the role, gives it to somebody else."))
    if not (to.is_active and to.may(Action.RESPOND)):
        raise Refused(_("%(name)s may not respond to incidents.") % {"name": to.name})


def _say(
    incident: Incident, held: RoleHeld, relieved: list[User], *, by: User, at: datetime
) -> None:
    names = ", ".join(user.name for user in relieved)
    taken = held.user == by
    data = {"role": held.role, "name": held.user.name, "before": names, "taken": taken}
    timeline.append(incident, Entry("role_given", at, by=by, data=data))
    for user in relieved:
        if user != by:
            _tell(incident, held, user, at=at)
    if held.user != by and held.user_id not in _paged(incident):
        _tell(incident, held, held.user, at=at)


def _paged(incident: Incident) -> set[int]:
    return sent.who_was_paged([incident.topic]).get(incident.topic, set())


def _tell(incident: Incident, held: RoleHeld, user: User, *, at: datetime) -> None:
    def headline() -> str:
        said = {"role": RoleName(held.role).label, "name": held.user.name}
        if user == held.user:
            return _("Your role now: %(role)s") % said
        return _("%(name)s took over from you: %(role)s") % said

    if way := leader(user):
        book = read_book(at=at)
        step = f"role:{held.pk}"
        outbox.queue(notices(incident, [way], book=book, step=step, headline=headline, at=at))

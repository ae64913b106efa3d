"""Holes in words with what mends them, and the pages to come of a simulated incident."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import durations
from incidents.domain.foresight import Turn
from incidents.domain.reach import Hole, Kind
from incidents.narration import channel_name
from incidents.services.foreseeing import Scene
from teams.models import Service, Team, User
from teams.rotations import Rotation

SAID: dict[Kind, tuple[Promise, Promise]] = {
    Kind.NOBODY: (
        gettext_lazy("A %(severity)s reaches nobody at first."),
        gettext_lazy("Give the severity a team with people who have an address."),
    ),
    Kind.EMPTY_STEP: (
        gettext_lazy("Step %(step)s of the %(severity)s policy calls nobody."),
        gettext_lazy("Choose people for the step, or remove it."),
    ),
    Kind.NEVER_REACHED: (
        gettext_lazy("Step %(step)s of the %(severity)s policy is never reached."),
        gettext_lazy("The time to respond is over before it: shorten the waits."),
    ),
    Kind.NOBODY_NEW: (
        gettext_lazy("Step %(step)s of the %(severity)s policy calls nobody new."),
        gettext_lazy("Everyone in it was called before: add somebody else."),
    ),
    Kind.NO_WAY: (
        gettext_lazy("No channel of a %(severity)s reaches %(name)s."),
        gettext_lazy("Add a contact method of this person."),
    ),
    Kind.MAY_NOT: (
        gettext_lazy("%(name)s is paged for a %(severity)s and may not answer."),
        gettext_lazy("Make this person a responder, or take them off the team."),
    ),
    Kind.TOO_FEW: (
        gettext_lazy("A %(severity)s needs more answers than people are called."),
        gettext_lazy("Call more people, or need fewer answers."),
    ),
    Kind.GAP: (
        gettext_lazy("%(name)s has times in the next two weeks when nobody is on call."),
        gettext_lazy("Put somebody on call for them, or close the gap in the rotation."),
    ),
    Kind.LEFT: (
        gettext_lazy("%(name)s still has the turn of somebody who has left."),
        gettext_lazy("Take the person out of the layer."),
    ),
    Kind.NO_CONTACT: (
        gettext_lazy("%(name)s has nobody to send an unanswered incident up to."),
        gettext_lazy("Choose an escalation contact for the team."),
    ),
    Kind.OWN_CONTACT: (
        gettext_lazy("The escalation contact of %(name)s is on the team itself."),
        gettext_lazy("Whoever did not answer is asked again: choose somebody above."),
    ),
    Kind.UNOWNED: (
        gettext_lazy("%(name)s has no owner, and a policy calls owners."),
        gettext_lazy("Choose the team that owns the service."),
    ),
}
PEOPLE = {Kind.NO_WAY, Kind.MAY_NOT}
TEAMS = {Kind.NO_CONTACT, Kind.OWN_CONTACT}
ROTATIONS = {Kind.GAP, Kind.LEFT}


class Told(NamedTuple):
    grave: bool
    severity: str
    text: str
    fix: str
    url: str  # in the console


def told(holes: Sequence[Hole]) -> list[Told]:
    """Three queries for the names, however many holes there are."""
    people = User.objects.in_bulk([hole.subject for hole in holes if hole.kind in PEOPLE])
    teams = Team.objects.in_bulk([hole.subject for hole in holes if hole.kind in TEAMS])
    rotations = Rotation.objects.in_bulk([h.subject for h in holes if h.kind in ROTATIONS])
    services = Service.objects.in_bulk([h.subject for h in holes if h.kind == Kind.UNOWNED])
    names: dict[str, str] = {}
    for kinds, found in (
        (PEOPLE, people), (TEAMS, teams), (ROTATIONS, rotations), ({Kind.UNOWNED}, services),
    ):  # fmt: skip
        names |= {f"{kind}:{key}": row.name for kind in kinds for key, row in found.items()}
    return [_told(hole, names.get(f"{hole.kind}:{hole.subject}", "")) for hole in holes]


def _told(hole: Hole, name: str) -> Told:
    text, fix = SAID[hole.kind]
    said = {"severity": hole.severity, "step": hole.step, "name": name}
    return Told(hole.grave, hole.severity, str(text) % said, str(fix), _where(hole))


def _where(hole: Hole) -> str:
    for kinds, model in ((PEOPLE, "user"), (TEAMS, "team"), (ROTATIONS, "rotation")):
        if hole.kind in kinds:
            return reverse(f"admin:teams_{model}_change", args=[hole.subject])
    if hole.kind == Kind.UNOWNED:
        return reverse("admin:teams_service_change", args=[hole.subject])
    return reverse("admin:incidents_severitypolicy_change", args=[hole.severity])


@dataclass(frozen=True)
class ForeseenPerson:
    name: str
    channels: str


@dataclass(frozen=True)
class Foreseen:
    at: datetime
    after: str
    severity: str
    text: str
    people: list[ForeseenPerson]
    known: bool  # nobody, for everyone has been called before


def foreseen(scenes: Iterable[Scene], *, since: datetime) -> list[Foreseen]:
    return [_scene(scene, since) for scene in scenes]


def _scene(scene: Scene, since: datetime) -> Foreseen:
    moment = scene.moment
    channels: dict[str, list[str]] = {}
    for page in scene.pages:
        channels.setdefault(page.name, []).append(channel_name(page.channel))
    people = [ForeseenPerson(name, ", ".join(ways)) for name, ways in channels.items()]
    waited = moment.at - since
    after = durations.words(waited, language=get_language() or "ko") if waited else ""
    known = moment.turn == Turn.UNRESOLVED
    return Foreseen(moment.at, after, moment.severity, _turn(scene), people, known)


def _turn(scene: Scene) -> str:
    moment = scene.moment
    said = {"old": moment.old, "new": moment.severity, "step": moment.place + 1}
    if moment.turn == Turn.NEXT_STEP:
        return _("Nobody has answered: the policy's call %(step)s.") % said
    if moment.turn == Turn.UNRESOLVED:
        return _("The resolution target is missed.")
    if moment.turn == Turn.ESCALATED and moment.old != moment.severity:
        return _("Nobody answered in time: sent up from %(old)s to %(new)s.") % said
    if moment.turn == Turn.ESCALATED:
        return _("Nobody answered in time: called again, with the escalation contact.")
    return _("The incident opens.")

"""Holes in words, with what mends them."""

from collections.abc import Sequence
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from incidents.domain.reach import Hole, Kind
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
    Kind.UNPROVED: (
        gettext_lazy("Nobody knows whether %(name)s is reached: no address is verified."),
        gettext_lazy("Have them verify an address by a code, under My contacts."),
    ),
    Kind.LOST_RULE: (
        gettext_lazy("A rule of %(name)s names a channel they have no address for."),
        gettext_lazy("Add the address, or remove the rule."),
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
PEOPLE = {Kind.NO_WAY, Kind.MAY_NOT, Kind.UNPROVED, Kind.LOST_RULE}
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

"""Holes in words, with what mends them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.bongsu import moment
from incidents.domain.reach import AHEAD, Hole, Kind
from incidents.models import EscalationPolicy
from monitoring.models import Route
from teams.domain.roles import Action, Role
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
    Kind.UNPROVED_PHONE: (
        gettext_lazy("The phone number of %(name)s was never verified by a code."),
        gettext_lazy("Have them verify it under My contacts: other ways of theirs are proved."),
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
    Kind.TWICE: (
        gettext_lazy("%(name)s is on call twice at once: %(rotations)s."),
        gettext_lazy("Put somebody else on call for one of them, or change the order."),
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
    Kind.ROUTE: (
        gettext_lazy("The team of the route %(name)s reaches nobody."),
        gettext_lazy("Choose a team with people who have an address."),
    ),
    Kind.UNUSED: (
        gettext_lazy("No severity goes by the policy %(name)s."),
        gettext_lazy("Choose it for a severity, or delete it."),
    ),
}
# What no severity leads to: a rotation by itself, and a policy that is not used.
ALONE: dict[Kind, Promise] = {
    Kind.NOBODY: gettext_lazy("The policy %(policy)s reaches nobody at first."),
    Kind.EMPTY_STEP: gettext_lazy("Step %(step)s of the policy %(policy)s calls nobody."),
    Kind.NEVER_REACHED: gettext_lazy("Step %(step)s of the policy %(policy)s is never reached."),
    Kind.NOBODY_NEW: gettext_lazy("Step %(step)s of the policy %(policy)s calls nobody new."),
    Kind.TOO_FEW: gettext_lazy("The policy %(policy)s needs more answers than people are called."),
    Kind.NO_WAY: gettext_lazy("No channel reaches %(name)s."),
    Kind.MAY_NOT: gettext_lazy("%(name)s is called and may not answer."),
}
PEOPLE = {
    Kind.NO_WAY, Kind.MAY_NOT, Kind.UNPROVED, Kind.UNPROVED_PHONE, Kind.LOST_RULE, Kind.TWICE,
}  # fmt: skip
OWN = {Kind.NO_WAY, Kind.UNPROVED, Kind.UNPROVED_PHONE}
TEAMS = {Kind.NO_CONTACT, Kind.OWN_CONTACT}
ROTATIONS = {Kind.GAP, Kind.LEFT}
SHOWN: Final = 3  # times of one hole


class Told(NamedTuple):
    grave: bool
    severity: str
    text: str
    fix: str
    url: str  # where it is mended; "": not by this reader
    begins: datetime | None  # None: it is there already
    spans: Sequence[tuple[datetime, datetime | None]]  # None: longer than is looked at
    more: int  # times beyond those
    unused: bool


class Names(NamedTuple):
    people: Mapping[int, User]
    teams: Mapping[int, Team]
    rotations: Mapping[int, Rotation]
    services: Mapping[int, Service]
    policies: Mapping[int, EscalationPolicy]
    routes: Mapping[int, Route]

    def of(self, hole: Hole) -> str:
        if hole.kind == Kind.ROUTE:
            return self.routes[hole.subject].name if hole.subject in self.routes else ""
        rows: Mapping[int, User | Team | Rotation | Service | EscalationPolicy] = self.services
        if hole.kind in PEOPLE:
            rows = self.people
        elif hole.kind in TEAMS:
            rows = self.teams
        elif hole.kind in ROTATIONS:
            rows = self.rotations
        elif hole.kind == Kind.UNUSED:
            rows = self.policies
        return rows[hole.subject].name if hole.subject in rows else ""


def told(holes: Sequence[Hole], *, at: datetime, reader: User | None = None) -> list[Told]:
    """Six queries for the names, however many holes there are."""
    rotations = {key for hole in holes for key in hole.rotations}
    names = Names(
        User.objects.in_bulk([hole.subject for hole in holes if hole.kind in PEOPLE]),
        Team.objects.in_bulk([hole.subject for hole in holes if hole.kind in TEAMS]),
        Rotation.objects.in_bulk(
            rotations | {hole.subject for hole in holes if hole.kind in ROTATIONS}
        ),
        Service.objects.in_bulk([h.subject for h in holes if h.kind == Kind.UNOWNED]),
        EscalationPolicy.objects.in_bulk({hole.policy for hole in holes if hole.policy}),
        Route.objects.in_bulk([hole.subject for hole in holes if hole.kind == Kind.ROUTE]),
    )
    return [_told(hole, names, at, reader) for hole in holes]


def line(hole: Told) -> str:
    """One line of a message: what, and when it begins if it has not."""
    if hole.begins is None:
        return hole.text
    return _("%(text)s From %(when)s.") % {"text": hole.text, "when": moment(hole.begins)}


def _told(hole: Hole, names: Names, at: datetime, reader: User | None) -> Told:
    text, fix = SAID[hole.kind]
    if not hole.severity:
        text = ALONE.get(hole.kind, text)
    policy = names.policies.get(hole.policy)
    said = {
        "severity": hole.severity, "step": hole.step, "name": names.of(hole),
        "policy": policy.name if policy else "",
        "rotations": ", ".join(names.rotations[key].name for key in hole.rotations),
    }  # fmt: skip
    return Told(
        hole.grave,
        hole.severity,
        str(text) % said,
        str(fix),
        _where(hole, reader),
        hole.begins if hole.begins and hole.begins > at else None,
        [(start, end if end < at + AHEAD else None) for start, end in hole.spans[:SHOWN]],
        max(0, len(hole.spans) - SHOWN),
        hole.unused,
    )


def _where(hole: Hole, reader: User | None) -> str:
    """One's own ways are one's own to mend; whoever responds stands in; the rest is the console's."""
    if reader and hole.subject == reader.pk and hole.kind in OWN:
        return reverse("contacts:list")
    if reader and hole.subject == reader.pk and hole.kind == Kind.LOST_RULE:
        return reverse("paging:mine")
    if reader and reader.role != Role.ADMINISTRATOR:
        stands_in = hole.kind in {Kind.GAP, Kind.TWICE} and reader.may(Action.RESPOND)
        return reverse("teams:on_call") if stands_in else ""
    return _console(hole)


def _console(hole: Hole) -> str:
    if hole.kind == Kind.TWICE:
        return reverse("admin:teams_rotation_change", args=[hole.rotations[-1]])
    for kinds, model in ((PEOPLE, "user"), (TEAMS, "team"), (ROTATIONS, "rotation")):
        if hole.kind in kinds:
            return reverse(f"admin:teams_{model}_change", args=[hole.subject])
    if hole.kind == Kind.ROUTE:
        return reverse("admin:monitoring_route_change", args=[hole.subject])
    if hole.kind == Kind.UNOWNED:
        return reverse("admin:teams_service_change", args=[hole.subject])
    if hole.policy:
        return reverse("admin:incidents_escalationpolicy_change", args=[hole.policy])
    return reverse("admin:incidents_severitypolicy_change", args=[hole.severity])

"""What whoever comes next must know, on one screen of a phone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.domain.story import Reading, Show
from incidents.models import Incident, LinkedAlert, MessageState, RoleName, SeverityPolicy
from incidents.models import StakeholderMessage as Message
from incidents.registry import Waiting, sections
from incidents.screens.clock import Clock, resolution_clock, response_clock
from incidents.screens.room.due import Due, due
from incidents.screens.room.facts import facts
from incidents.screens.room.tasks import Item, tasks
from incidents.screens.room.timeline import Line, timeline
from incidents.services.asking import awaited
from teams.models import User

MOMENTS: Final = 12
SHOWN: Final = 10  # alerts, and messages on their way


@dataclass(frozen=True)
class Unanswered:
    person: User
    since: datetime

    @property
    def name(self) -> str:
        return self.person.name


@dataclass(frozen=True)
class Handover:
    incident: dict[str, Any]
    moments: list[Line]  # as they happened
    people: list[tuple[str, str]]  # role, name
    unanswered: list[Unanswered]
    firing: list[LinkedAlert]
    firing_count: int
    waiting: list[Waiting]
    tasks: list[Item]
    late: list[Clock]
    due: list[Due]
    told: Message | None  # the last that anybody was reached with
    to_go: list[Message]  # approved, and not with anybody yet
    at: datetime

    @property
    def overdue(self) -> int:
        return sum(task.overdue for task in self.tasks)


def handover(incident: Incident, *, at: datetime) -> Handover:
    names = {row.severity: row.name for row in SeverityPolicy.objects.all()}
    clocks = [response_clock(incident, at=at), resolution_clock(incident, at=at)]
    firing = incident.alert_links.filter(alert__resolved_at=None)
    approved = incident.messages.filter(state=MessageState.APPROVED, reached=0)
    return Handover(
        incident=facts(incident, names),
        moments=timeline(incident, Reading(Show.KEY), incident.pinned).lines[:MOMENTS][::-1],
        people=_people(incident),
        unanswered=_unanswered(incident),
        firing=list(firing.select_related("alert").order_by("alert__started_at")[:SHOWN]),
        firing_count=firing.count(),
        waiting=_waiting(incident, at),
        tasks=[item for item in tasks(incident, at) if not item.done_at],
        late=[each for each in clocks if each.overdue and each.met is None and incident.is_open],
        due=due(incident, clocks, at),
        told=_told(incident),
        to_go=list(approved.select_related("group").order_by("goes_at")[:SHOWN]),
        at=at,
    )


def _told(incident: Incident) -> Message | None:
    """Approved is not sent: a digest goes out hours later."""
    out = incident.messages.filter(reached__gt=0).select_related("group")
    return out.annotate(out_at=Coalesce("finished_at", "queued_at")).order_by("-out_at").first()


def _people(incident: Incident) -> list[tuple[str, str]]:
    return [(str(RoleName(held.role).label), held.user.name) for held in incident.roles_now]


def _unanswered(incident: Incident) -> list[Unanswered]:
    since = awaited(incident)
    people = User.objects.in_bulk(list(since))
    found = [Unanswered(people[key], at) for key, at in since.items() if key in people]
    return sorted(found, key=lambda each: (each.since, each.name))


def _waiting(incident: Incident, at: datetime) -> list[Waiting]:
    """For somebody's decision: drafts here, and whatever upper layers ask."""
    drafts = incident.messages.drafts().select_related("group").order_by("drafted_at")[:SHOWN]
    address = reverse("incidents:messages", args=[incident.number])
    found = [
        Waiting(
            _("Message to %(group)s: %(subject)s")
            % {"group": draft.group.name, "subject": draft.subject},
            draft.drafted_at, address,
        )
        for draft in drafts
    ]  # fmt: skip
    found += [each for name in sections for each in sections[name].waiting(incident, at=at)]
    return sorted(found, key=lambda each: each.since)

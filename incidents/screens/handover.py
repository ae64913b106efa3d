"""What whoever comes next must know, on one screen of a phone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from incidents.domain.story import Reading, Show
from incidents.models import Incident, RoleName, SeverityPolicy, StakeholderMessage
from incidents.models.messages import RELEASED
from incidents.screens.clock import Clock, resolution_clock, response_clock
from incidents.screens.room.due import Due, due
from incidents.screens.room.facts import facts
from incidents.screens.room.tasks import Item, tasks
from incidents.screens.room.timeline import Line, timeline

MOMENTS: Final = 12


@dataclass(frozen=True)
class Handover:
    incident: dict[str, Any]
    moments: list[Line]  # as they happened
    people: list[tuple[str, str]]  # role, name
    tasks: list[Item]
    late: list[Clock]
    due: list[Due]
    told: StakeholderMessage | None
    at: datetime


def handover(incident: Incident, *, at: datetime) -> Handover:
    names = {row.severity: row.name for row in SeverityPolicy.objects.all()}
    clocks = [response_clock(incident, at=at), resolution_clock(incident, at=at)]
    told = incident.messages.filter(state__in=RELEASED).select_related("group")
    return Handover(
        incident=facts(incident, names),
        moments=timeline(incident, Reading(Show.KEY), incident.pinned).lines[:MOMENTS][::-1],
        people=_people(incident),
        tasks=[item for item in tasks(incident, at) if not item.done_at],
        late=[each for each in clocks if each.overdue and each.met is None and incident.is_open],
        due=due(incident, clocks, at),
        told=told.order_by("-approved_at").first(),
        at=at,
    )


def _people(incident: Incident) -> list[tuple[str, str]]:
    return [(str(RoleName(held.role).label), held.user.name) for held in incident.roles_now]

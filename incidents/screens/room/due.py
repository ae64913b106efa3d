from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.domain.lifecycle import Status
from incidents.models import Incident
from incidents.screens.clock import Clock
from incidents.screens.room.viewer import Viewer
from incidents.screens.rows import words


@dataclass(frozen=True)
class Due:
    in_text: str
    what: str
    at: datetime
    soon: bool


def due(incident: Incident, clocks: list[Clock], at: datetime) -> list[Due]:
    whats = [_("somebody answers, or it is sent up"), _("resolution target")]
    running = [
        Due(words(abs(clock.due - at)), what, clock.due, clock.urgent)
        for clock, what in zip(clocks, whats, strict=True)
        if clock.met is None and incident.is_open and not clock.overdue
    ]
    return sorted([*_next_call(incident, at), *running], key=lambda due: due.at)


@dataclass(frozen=True)
class NextCall:
    """The policy's next step, for whoever would not wait for it."""

    step: int
    steps: int
    due: datetime | None  # None: it is sent up before
    url: str


def next_call(incident: Incident, at: datetime, viewer: Viewer) -> NextCall | None:
    if incident.status != Status.TRIGGERED or not viewer.commands:
        return None
    plan, place = incident.plan, incident.escalation_place + 1
    if place >= plan.calls:
        return None
    steps, due = len(plan.steps), incident.escalate_at
    comes = due if due and at < due < incident.respond_by else None
    address = reverse("incidents:next_step", args=[incident.number])
    return NextCall(place % steps + 1, steps, comes, f"{address}?seen={incident.page_round}")


def _next_call(incident: Incident, at: datetime) -> list[Due]:
    """The policy's next step, where it comes before the incident is sent up."""
    call = incident.escalate_at
    if call is None or call < at or call >= incident.respond_by:
        return []
    what = _("call %(number)s of the policy") % {"number": incident.escalation_place + 2}
    return [Due(words(call - at), what, call, soon=False)]

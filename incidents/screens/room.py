"""The incident room: what is broken, who is on it, what is next and by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations
from incidents.domain.lifecycle import Status, may_move
from incidents.models import Event, Incident, SeverityPolicy, StatusName
from incidents.narration import CHANNELS, channel_name, narrate
from incidents.registry import Link, aftermath
from incidents.screens.clock import Clock, resolution_clock, response_clock
from notifications.models import Delivery, State
from notifications.queries import pages_about
from teams.domain.roles import Action
from teams.models import User

EVENTS_SHOWN: Final = 200
ALERTS_SHOWN: Final = 50


@dataclass(frozen=True)
class Move:
    kind: str
    label: str
    hint: str
    url: str


@dataclass(frozen=True)
class Phase:
    label: str
    at: datetime | None
    state: str  # past, current or later


@dataclass(frozen=True)
class Paged:
    name: str
    role: str
    channels: str
    paged_at: datetime
    answered_at: datetime | None
    failed: bool
    waited: str
    bar_start: int
    bar_end: int


@dataclass(frozen=True)
class Due:
    in_text: str
    what: str
    at: datetime
    soon: bool


@dataclass(frozen=True)
class Line:
    seq: int
    at: datetime
    kind: str
    mark: str
    tone: str
    actor: str
    text: str
    note: bool
    data_rows: list[tuple[str, str]]


MARKS: Final = {
    "alert": ("triangle", "p0"),
    "escalated": ("triangle", "p1"),
    "resolution_missed": ("triangle", "p1"),
    "response_due_soon": ("triangle", "p2"),
    "resolution_due_soon": ("triangle", "p2"),
    "page_failed": ("triangle", "p1"),
    "nobody_to_page": ("triangle", "p1"),
    "note": ("square", "full"),
    "severity": ("circle", "full"),
    "declared": ("circle", "full"),
}


def room(incident: Incident, user: User, *, at: datetime) -> dict[str, Any]:
    """The template's context; the same for the page and for its live parts."""
    names = {row.severity: row.name for row in SeverityPolicy.objects.all()}
    clocks = [response_clock(incident, at=at), resolution_clock(incident, at=at)]
    moves = _moves(incident, user)
    return {
        "incident": _facts(incident, names),
        "phases": _phases(incident),
        "clocks": clocks,
        "main_action": moves[0] if moves else None,
        "actions": moves[1:],
        "severity_choices": _severities(names, user, incident),
        "people": _people(incident, pages_about(incident.topic), at),
        "due": _due(incident, clocks, at),
        "alerts": _alerts(incident),
        "alert_count": incident.alert_links.count(),
        "timeline": _timeline(incident),
        "can_write": user.may(Action.RESPOND),
        "postmortem": _aftermath(incident, user),
    }


def _facts(incident: Incident, names: dict[str, str]) -> dict[str, Any]:
    return {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "severity_name": names.get(incident.severity, ""),
        "status": incident.status,
        "status_name": StatusName(incident.status).label,
        "services": ", ".join(service.name for service in incident.services.all()),
        "since": incident.started_at or incident.detected_at,
        "detected_at": incident.detected_at,
        "acknowledged_at": incident.acknowledged_at,
        "mitigated_at": incident.mitigated_at,
        "resolved_at": incident.resolved_at,
        "commander": incident.commander.name if incident.commander else "",
        "url": incident.get_absolute_url(),
        "version": incident.timeline_length,
        "resolution_proposed": bool(incident.resolution_proposed_at),
        "took": _words(incident.resolved_at - incident.detected_at) if incident.resolved_at else "",
    }


def _phases(incident: Incident) -> list[Phase]:
    times = {
        Status.TRIGGERED: incident.detected_at,
        Status.ACKNOWLEDGED: incident.acknowledged_at,
        Status.MITIGATED: incident.mitigated_at,
        Status.RESOLVED: incident.resolved_at,
    }
    order = list(times)
    here = order.index(Status(incident.status))
    return [
        Phase(
            str(StatusName(status).label),
            times[status],
            "current" if place == here else "past" if place < here else "later",
        )
        for place, status in enumerate(order)
    ]


def _moves(incident: Incident, user: User) -> list[Move]:
    """What this person may do now, the obvious next step first."""
    offers = {
        Status.ACKNOWLEDGED: ("acknowledge", _("I am on it"), _("Paging stops, and you are recorded as the one who answers."), Action.RESPOND),
        Status.MITIGATED: ("mitigate", _("Mark as mitigated"), _("Customers no longer feel it. The clock to resolution goes on."), Action.RESPOND),
        Status.RESOLVED: ("resolve", _("Resolve"), _("It is over: both clocks stop and the postmortem can begin."), Action.COMMAND),
        Status.TRIGGERED: ("reopen", _("Reopen"), _("It came back: the clocks start anew and the team is paged."), Action.COMMAND),
    }  # fmt: skip
    return [
        Move(kind, label, hint, reverse(f"incidents:{kind}", args=[incident.number]))
        for to, (kind, label, hint, action) in offers.items()
        if may_move(incident.status, to) and user.may(action)
    ]


def _severities(names: dict[str, str], user: User, incident: Incident) -> list[tuple[str, str]]:
    if not (incident.is_open and user.may(Action.COMMAND)):
        return []
    return list(names.items())


def _people(incident: Incident, sent: list[Delivery], at: datetime) -> list[Paged]:
    end = incident.resolved_at or at
    span = max(1.0, (end - incident.detected_at).total_seconds())

    def place(moment: datetime) -> int:
        return min(100, max(0, round(100 * (moment - incident.detected_at).total_seconds() / span)))

    by_person: dict[str, list[Delivery]] = {}
    for delivery in sent:
        if delivery.recipient_id is None:
            continue  # a machine does not answer
        by_person.setdefault(delivery.recipient_name, []).append(delivery)
    found = []
    for name, pages in by_person.items():
        first = pages[0].created_at
        mine = incident.acknowledged_by_id and pages[0].recipient_id == incident.acknowledged_by_id
        answered = incident.acknowledged_at if mine else None
        until = answered or incident.acknowledged_at or end
        channels = dict.fromkeys(
            channel_name(slug) for slug in CHANNELS if any(page.channel == slug for page in pages)
        )
        found.append(
            Paged(
                name=name,
                role="",
                channels=" · ".join(channels),
                paged_at=first,
                answered_at=answered,
                failed=all(page.state == State.FAILED for page in pages),
                waited=_words(until - first),
                bar_start=place(first),
                bar_end=place(until),
            )
        )
    return found


def _due(incident: Incident, clocks: list[Clock], at: datetime) -> list[Due]:
    whats = [_("somebody answers, or it is sent up"), _("resolution target")]
    return [
        Due(_words(abs(clock.due - at)), what, clock.due, clock.urgent)
        for clock, what in zip(clocks, whats, strict=True)
        if clock.met is None and incident.is_open and not clock.overdue
    ]


def _alerts(incident: Incident) -> list[dict[str, Any]]:
    links = incident.alert_links.select_related("alert__integration").order_by("-alert_id")
    return [
        {
            "title": link.alert.title,
            "status": link.alert.status,
            "severity": link.alert.severity,
            "count": link.alert.count,
            "since": link.alert.started_at,
            "source": link.alert.integration.name,
            "url": link.alert.url if link.alert.url.startswith(("http://", "https://")) else "",
        }
        for link in links[:ALERTS_SHOWN]
    ]


def _timeline(incident: Incident) -> list[Line]:
    return [_line(event) for event in incident.timeline.order_by("-seq")[:EVENTS_SHOWN]]


def _line(event: Event) -> Line:
    mark, tone = MARKS.get(event.kind, ("circle", ""))
    if event.kind == "status" and event.data.get("to") in {"acknowledged", "resolved", "mitigated"}:
        tone = "good full"
    return Line(
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        mark=mark,
        tone=tone,
        actor=event.actor,
        text=narrate(event),
        note=event.kind == "note",
        data_rows=[(_("Reason"), event.data["reason"])]
        if event.kind == "severity" and event.data.get("reason")
        else [],
    )


def _aftermath(incident: Incident, user: User) -> Link | None:
    links = (aftermath[name].link(incident, user) for name in aftermath)
    return next((link for link in links if link), None)


def _words(span: timedelta) -> str:
    return durations.words(span, language=get_language() or "ko")


def answer_page(incident: Incident, delivery: Delivery, *, at: datetime) -> dict[str, Any]:
    """The page behind a paged link: one incident, one button, no sign-in."""
    clock = response_clock(incident, at=at)
    return {
        "incident": _facts(
            incident, {row.severity: row.name for row in SeverityPolicy.objects.all()}
        ),
        "recipient": delivery.recipient_name,
        "clock": clock if clock.met is None and incident.is_open else None,
        "answered_by": incident.acknowledged_by.name if incident.acknowledged_by else "",
        "can_answer": incident.status == Status.TRIGGERED,
        "also_paged": [p.name for p in _people(incident, pages_about(incident.topic), at)],
        "now": timezone.localtime(at),
    }

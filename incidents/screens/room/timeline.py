from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from incidents.domain.story import Show
from incidents.models import Event, Incident
from incidents.narration import narrate

EVENTS_SHOWN: Final = 200

MARKS: Final = {
    "alert": ("triangle", "p0"),
    "escalated": ("triangle", "p1"),
    "resolution_missed": ("triangle", "p1"),
    "response_due_soon": ("triangle", "p2"),
    "resolution_due_soon": ("triangle", "p2"),
    "page_failed": ("triangle", "p1"),
    "nobody_to_page": ("triangle", "p1"),
    "message_failed": ("triangle", "p1"),
    "update_due": ("triangle", "p2"),
    "message_drafted": ("square", ""),
    "note": ("square", "full"),
    "severity": ("circle", "full"),
    "task_due": ("triangle", "p2"),
    "task_done": ("circle", "good full"),
    "declared": ("circle", "full"),
}


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
    pinned: bool
    written_at: datetime | None


@dataclass(frozen=True)
class Chip:
    show: Show
    label: str
    address: str
    current: bool


def timeline(incident: Incident, show: Show, pinned: Collection[int]) -> list[Line]:
    events = incident.timeline.shown(show, pinned=pinned).order_by("-at", "-seq")[:EVENTS_SHOWN]
    return [_line(event, pinned) for event in events]


def moments(incident: Incident, pinned: Collection[int]) -> list[Line]:
    """What somebody pinned, as it happened."""
    return [
        _line(event, pinned)
        for event in incident.timeline.filter(seq__in=pinned).order_by("at", "seq")
    ]


def chips(show: Show) -> list[Chip]:
    names = {
        Show.ALL: _("All"),
        Show.PEOPLE: _("People"),
        Show.PAGES: _("Paging"),
        Show.ALERTS: _("Alerts"),
        Show.MESSAGES: _("Stakeholders"),
        Show.KEY: _("Key moments"),
    }
    return [Chip(each, name, f"?show={each}", each == show) for each, name in names.items()]


def _line(event: Event, pinned: Collection[int]) -> Line:
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
        pinned=event.seq in pinned,
        written_at=event.written_at,
    )

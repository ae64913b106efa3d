from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

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
    "note": ("square", "full"),
    "severity": ("circle", "full"),
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


def timeline(incident: Incident) -> list[Line]:
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

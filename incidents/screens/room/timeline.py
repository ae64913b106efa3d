from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from incidents.domain.story import Reading, Show
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
    number: int | None  # of the merged incident it comes from
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
    key: str
    label: str
    address: str
    current: bool


def timeline(
    incident: Incident, reading: Reading, pinned: Collection[int], merged: Sequence[Incident] = ()
) -> list[Line]:
    """With what happened to those merged into it, as it happened; each keeps its own chain."""
    kinds = incident.timeline.shown(reading.show, pinned=pinned)
    lines = [_line(each, pinned) for each in kinds.order_by("-at", "-seq")[:EVENTS_SHOWN]]
    if reading.merged and merged:
        theirs = Event.objects.filter(incident__in=merged).shown(reading.show, pinned=())
        newest = theirs.order_by("-at", "-incident", "-seq")[:EVENTS_SHOWN]
        lines += [_line(each, (), number=each.incident_id) for each in newest]
        lines.sort(key=lambda line: line.at, reverse=True)
    return lines[:EVENTS_SHOWN]


def moments(incident: Incident, pinned: Collection[int]) -> list[Line]:
    """What somebody pinned, as it happened."""
    return [
        _line(event, pinned)
        for event in incident.timeline.filter(seq__in=pinned).order_by("at", "seq")
    ]


def chips(reading: Reading, merged: Sequence[Incident]) -> list[Chip]:
    names = {
        Show.ALL: _("All"),
        Show.PEOPLE: _("People"),
        Show.PAGES: _("Paging"),
        Show.ALERTS: _("Alerts"),
        Show.MESSAGES: _("Stakeholders"),
        Show.KEY: _("Key moments"),
    }
    found = [
        Chip(each, name, f"?{replace(reading, show=each).query}", each == reading.show)
        for each, name in names.items()
    ]
    return found + ([_together(reading, merged)] if merged else [])


def _together(reading: Reading, merged: Sequence[Incident]) -> Chip:
    """A switch beside the others, not one of them."""
    other = replace(reading, merged=not reading.merged)
    if len(merged) == 1:
        label = _("with the timeline of #%(number)s") % {"number": merged[0].number}
    else:
        label = _("with the timelines of %(count)s merged incidents") % {"count": len(merged)}
    return Chip("merged", label, f"?{other.query}", reading.merged)


def _line(event: Event, pinned: Collection[int], *, number: int | None = None) -> Line:
    mark, tone = MARKS.get(event.kind, ("circle", ""))
    if event.kind == "status" and event.data.get("to") in {"acknowledged", "resolved", "mitigated"}:
        tone = "good full"
    return Line(
        seq=event.seq,
        number=number,
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

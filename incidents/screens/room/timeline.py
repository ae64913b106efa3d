from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from incidents.domain.story import Place, Reading, Show
from incidents.models import Event, EventQuerySet, Incident
from incidents.narration import narrate

EVENTS_SHOWN: Final = 200
KEPT: Final = 2 * EVENTS_SHOWN  # above the older ones somebody asked for; then those fold away

MARKS: Final = {
    "alert": ("triangle", "p0"),
    "escalated": ("triangle", "p1"),
    "resolution_missed": ("triangle", "p1"),
    "response_due_soon": ("triangle", "p2"),
    "resolution_due_soon": ("triangle", "p2"),
    "page_failed": ("triangle", "p1"),
    "declined": ("triangle", "p2"),
    "nobody_to_page": ("triangle", "p1"),
    "message_failed": ("triangle", "p1"),
    "update_due": ("triangle", "p2"),
    "public_update_due": ("triangle", "p2"),
    "message_drafted": ("square", ""),
    "answers_lacking": ("triangle", "p2"),
    "answer_lapsed": ("triangle", "p1"),
    "channel_failed": ("triangle", "p2"),
    "action_proposed": ("square", ""),
    "action_approved": ("square", "full"),
    "action_waits": ("triangle", "p2"),
    "action_begun": ("circle", "full"),
    "action_expired": ("triangle", "p2"),
    "action_confirmed": ("circle", "good full"),
    "action_failed": ("triangle", "p1"),
    "action_lost": ("triangle", "p0"),
    "action_unknown": ("triangle", "p2"),
    "run_begun": ("circle", "full"),
    "run_step": ("circle", ""),
    "run_waits": ("triangle", "p2"),
    "run_over": ("circle", "good full"),
    "energy_response_begun": ("triangle", "p1"),
    "energy_fell_again": ("triangle", "p1"),
    "energy_no_rise": ("triangle", "p0"),
    "energy_stake_review": ("triangle", "p2"),
    "energy_rose_late": ("circle", "good full"),
    "energy_gone_on": ("circle", "full"),
    "energy_back": ("circle", "good full"),
    "energy_cleared": ("circle", "full"),
    "energy_response_over": ("circle", "good full"),
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
    address: str = ""  # a page that begins with it


@dataclass(frozen=True)
class Story:
    lines: list[Line]
    older: Place | None = None  # where those begin that are not among them
    keeps: bool = False  # it reaches down to what the reader has unfolded below


@dataclass(frozen=True)
class Chip:
    key: str
    label: str
    address: str
    current: bool


def timeline(
    incident: Incident, reading: Reading, pinned: Collection[int], merged: Sequence[Incident] = ()
) -> Story:
    """With what happened to those merged into it, as it happened; each keeps its own chain."""
    told = _Timelines(incident, reading, pinned, merged if reading.merged else ())
    if reading.down_to:
        kept = told.newest(KEPT + 1, down_to=reading.down_to)
        if len(kept) <= KEPT:
            return Story(told.lines(kept), keeps=True)
    found = told.newest(EVENTS_SHOWN + 1)
    shown = found[:EVENTS_SHOWN]
    return Story(told.lines(shown), shown[-1].place if len(found) > len(shown) else None)


@dataclass(frozen=True)
class _Timelines:
    incident: Incident
    reading: Reading
    pinned: Collection[int]
    merged: Sequence[Incident]

    def newest(self, count: int, *, down_to: Place | None = None) -> list[Event]:
        found: list[Event] = []
        for events in self._asked():
            below = events.older_than(self.reading.before) if self.reading.before else events
            bounded = below.down_to(down_to) if down_to else below
            found += bounded.newest_first()[:count]
        return sorted(found, key=lambda event: event.place, reverse=True)[:count]

    def lines(self, events: Iterable[Event]) -> list[Line]:
        ours = self.incident.pk
        return [
            _line(event, self.pinned)
            if event.incident_id == ours
            else _line(event, (), number=event.incident_id)
            for event in events
        ]

    def _asked(self) -> Iterable[EventQuerySet]:
        show = self.reading.show
        yield Event.objects.filter(incident=self.incident).shown(show, pinned=self.pinned)
        if self.merged:
            yield Event.objects.filter(incident__in=self.merged).shown(show, pinned=())


def older(reading: Reading, story: Story) -> str:
    """What to ask for to read on, or nothing where it is the beginning."""
    return f"?{replace(reading, before=story.older).query}" if story.older else ""


def moments(incident: Incident, reading: Reading, pinned: Collection[int]) -> list[Line]:
    """What somebody pinned, as it happened."""
    events = incident.timeline.filter(seq__in=pinned).order_by("at", "seq")
    return [replace(_line(event, pinned), address=_address(event, reading)) for event in events]


def _address(event: Event, reading: Reading) -> str:
    above = replace(event.place, seq=event.seq + 1)
    return f"?{replace(reading.newest, show=Show.ALL, before=above).query}#event-{event.seq}"


def chips(reading: Reading, merged: Sequence[Incident]) -> list[Chip]:
    names = {
        Show.ALL: _("All"),
        Show.PEOPLE: _("People"),
        Show.PAGES: _("Paging"),
        Show.ALERTS: _("Alerts"),
        Show.ACTIONS: _("Actions"),
        Show.MESSAGES: _("Stakeholders"),
        Show.KEY: _("Key moments"),
    }
    newest = reading.newest
    found = [
        Chip(each, name, f"?{replace(newest, show=each).query}", each == reading.show)
        for each, name in names.items()
    ]
    return found + ([_together(reading, merged)] if merged else [])


def _together(reading: Reading, merged: Sequence[Incident]) -> Chip:
    """A switch beside the others, not one of them."""
    other = replace(reading.newest, merged=not reading.merged)
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

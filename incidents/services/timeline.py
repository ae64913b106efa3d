"""The one way onto the timeline. Callers hold the incident's row, so places in the chain are not raced for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.rows import save_all
from incidents.domain.chain import Link, digest
from incidents.models import Event, Incident
from teams.models import User


@dataclass(frozen=True)
class Entry:
    kind: str
    at: datetime
    by: User | None = None
    actor: str = ""  # the name of whoever is not a person of ours
    data: dict[str, Any] = field(default_factory=dict)


def chained(incident: Incident, entries: Iterable[Entry]) -> list[Event]:
    """The events as the next links of the incident's chain; moves its head, saves nothing."""
    events = []
    for entry in entries:
        incident.timeline_length += 1
        link = Link(
            incident.number,
            incident.timeline_length,
            entry.at,
            entry.kind,
            entry.by.pk if entry.by else None,
            entry.actor or (entry.by.name if entry.by else ""),
            entry.data,
        )
        incident.timeline_head = digest(link, incident.timeline_head)
        events.append(_event(link, incident.timeline_head))
    return events


def append(incident: Incident, *entries: Entry) -> None:
    """Write events to the timeline. The caller's transaction has locked the incident's row."""
    incident.refresh_from_db(fields=["timeline_length", "timeline_head"])
    Event.objects.bulk_create(chained(incident, entries))
    Incident.objects.filter(pk=incident.pk).update(
        timeline_length=incident.timeline_length, timeline_head=incident.timeline_head
    )


def write(
    events: Iterable[Event], incidents: Iterable[Incident], *, also: Sequence[str] = ()
) -> None:
    """What `chained` made, for many incidents whose rows were read under their lock: two statements.

    `also` names what else has changed in these rows.
    """
    Event.objects.bulk_create(events)
    save_all(incidents, ["timeline_length", "timeline_head", *also])


def _event(link: Link, digest: str) -> Event:
    return Event(
        incident_id=link.incident,
        seq=link.seq,
        at=link.at,
        kind=link.kind,
        actor_user_id=link.actor_id,
        actor=link.actor,
        data=link.data,
        hash=digest,
    )

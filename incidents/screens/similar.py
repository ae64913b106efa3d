"""This happened before: when, how long, how it ended."""

from dataclasses import dataclass
from datetime import datetime

from incidents.domain.lifecycle import Status
from incidents.models import Incident, StatusName
from incidents.queries import last_notes, similar
from incidents.registry import Link, aftermath
from incidents.screens.rows import words
from teams.models import User


@dataclass(frozen=True)
class Before:
    number: int
    title: str
    url: str
    severity: str
    status: str
    status_name: str
    at: datetime
    took: str
    ended: str
    postmortem: Link | None


def before(incident: Incident, user: User) -> list[Before]:
    found = similar(incident)
    numbers = [each.pk for each in found]
    notes = last_notes(numbers)
    links: dict[int, Link] = {}
    for name in aftermath:
        links |= aftermath[name].links(numbers, user)
    return [_before(each, notes.get(each.pk, ""), links.get(each.pk)) for each in found]


def _before(incident: Incident, note: str, postmortem: Link | None) -> Before:
    end = incident.resolved_at
    return Before(
        number=incident.number,
        title=incident.title,
        url=incident.get_absolute_url(),
        severity=incident.severity,
        status=incident.status,
        status_name=str(StatusName(incident.status).label),
        at=incident.detected_at,
        took=words(end - incident.detected_at) if end else "",
        ended=note if incident.status == Status.RESOLVED else "",
        postmortem=postmortem,
    )

"""This happened before: when, how long, how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from incidents.domain.lifecycle import Status
from incidents.domain.likeness import Likeness
from incidents.models import Incident
from incidents.queries import last_notes
from incidents.registry import Link, aftermath
from incidents.screens.rows import words
from incidents.similar import Similar, similar
from teams.models import User

NAMED: Final = 5  # of the words that are shared


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
    why: str


def before(incident: Incident, user: User) -> list[Before]:
    found = similar(incident)
    numbers = [each.why.number for each in found]
    notes = last_notes(numbers)
    links: dict[int, Link] = {}
    for name in aftermath:
        links |= aftermath[name].links(numbers, user)
    return [
        _before(each, notes.get(each.why.number, ""), links.get(each.why.number)) for each in found
    ]


def _before(each: Similar, note: str, postmortem: Link | None) -> Before:
    incident = each.incident
    end = incident.resolved_at
    return Before(
        number=incident.number,
        title=incident.heading,
        url=incident.get_absolute_url(),
        severity=incident.severity,
        status=incident.status,
        status_name=incident.status_name,
        at=incident.detected_at,
        took=words(end - incident.detected_at) if end else "",
        ended=note if incident.status == Status.RESOLVED else "",
        postmortem=postmortem,
        why=" · ".join(_why(each.why)),
    )


def _why(likeness: Likeness) -> Iterator[str]:
    if likeness.same_group:
        yield _("the same alerts")
    if likeness.same_title:
        yield _("a title like this one")
    if likeness.same_service:
        yield _("the same service")
    if likeness.words:
        yield _("words: %(words)s") % {"words": ", ".join(likeness.words[:NAMED])}

"""Pages: who is told, as rows of the outbox and one line on the timeline."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from incidents.domain.paging import Page
from incidents.models import Incident
from incidents.narration import reason
from incidents.services.policies import Book
from incidents.services.timeline import Entry
from notifications.models import Delivery, Lane
from teams.models import Service


def deliveries(
    incident: Incident,
    pages: Iterable[Page],
    *,
    book: Book,
    services: Sequence[Service],
    why: str,
    at: datetime,
) -> list[Delivery]:
    pages = list(pages)
    names = list(dict.fromkeys(page.name for page in pages if page.user_id))
    facts = _facts(incident, book, services, why)
    return [
        Delivery(
            lane=Lane.PAGE,
            topic=incident.topic,
            step=str(incident.page_round),
            recipient_id=page.user_id,
            recipient_name=page.name,
            language=page.language,
            channel=page.channel,
            address=page.address,
            template="page",
            context=facts | {"others": [name for name in names if name != page.name]},
            created_at=at,
            due_at=at + page.after,
        )
        for page in pages
    ]


def paged(pages: Iterable[Page], *, why: str, at: datetime) -> Entry:
    """The timeline's line."""
    return Entry("paged", at, data={"people": by_person(pages, at=at), "why": why})


def by_person(pages: Iterable[Page], *, at: datetime) -> list[dict[str, Any]]:
    """Each person once, with all their channels and for what these wait."""
    people: dict[str, dict[str, Any]] = {}
    for page in pages:
        person = people.setdefault(page.name, {"name": page.name, "channels": []})
        person["channels"].append(page.channel)
        if page.held:
            person["held_until"] = (at + page.after).isoformat()
        elif page.after:
            waits = person.setdefault("waits", {})
            waits[page.channel] = int(page.after.total_seconds() // 60)
    return list(people.values())


def _facts(incident: Incident, book: Book, services: Sequence[Service], why: str) -> dict[str, Any]:
    since = incident.started_at or incident.detected_at
    return {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "services": [service.slug for service in services],
        "since": since.isoformat(),
        "why": why,
        "drill": incident.drill,
        "localised": {
            language: _localised(incident, book, services, why, language)
            for language in ("ko", "en")
        },
    }


def mark(incident: Incident) -> str:
    """What stands before whatever is said of a drill."""
    return _("[DRILL]") + " " if incident.drill else ""


def _localised(
    incident: Incident, book: Book, services: Sequence[Service], why: str, language: str
) -> dict[str, str]:
    with translation.override(language):
        return {
            "severity_name": book[incident.severity].name,
            "services": ", ".join(service.name for service in services),
            "reason": reason(why),
            "mark": mark(incident),
        }

"""Pages: who is told, as rows of the outbox and one line on the timeline."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, Min, When
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.domain.escalation import Step
from incidents.domain.lifecycle import Status
from incidents.domain.paging import Page, PageKey
from incidents.models import Assembly, Incident
from incidents.narration_paging import reason
from incidents.services import timeline
from incidents.services.asking import declined_since
from incidents.services.policies import Book
from incidents.services.timeline import Entry
from notifications import services as outbox
from notifications.models import Delivery, Lane, State
from teams.models import Service, User

DESCRIBED: Final = 1000  # letters of what is known that travel with a page


def page(
    incident: Incident,
    book: Book,
    *,
    why: str,
    at: datetime,
    step: Step | None = None,
    also: Iterable[User] = (),
    but: Collection[int] = (),
    again: bool = False,
) -> None:
    """Page everyone the step calls, by default the first of the severity's policy.

    `again` in a round of its own; otherwise only who was not yet paged by that channel since the
    clock runs. Who has answered, or cannot take it in this round, is left in peace, and so are `but`.
    """
    services = list(incident.services.all())
    step = step or incident.plan.step(0)
    pages = book.pages(
        incident.severity, step, services=services, also=also, instead=incident.instead
    )
    new = _news(incident, pages, but=but, again=again, at=at)
    if not pages:
        data = {"severity": incident.severity}
        timeline.append(incident, Entry("nobody_to_page", at, data=data))
    if new:
        outbox.queue_again(deliveries(incident, new, book=book, services=services, why=why, at=at))
        timeline.append(incident, paged(new, why=why, at=at))
        Assembly.objects.look_again(incident, at=at)


def _news(
    incident: Incident, pages: Iterable[Page], *, but: Collection[int], again: bool, at: datetime
) -> list[Page]:
    known = {} if again else _paged_already(incident)
    spared = {*incident.answers.values_list("user_id", flat=True), *but}
    spared |= declined_since(incident, incident.page_round)
    return [page for page in pages if page.is_news(known, at=at) and page.user_id not in spared]


def next_round(incident: Incident, **fields: object) -> None:
    """A round of its own, so that whoever was paged before is paged again."""
    incident.page_round += 1
    Incident.objects.filter(pk=incident.pk).update(page_round=incident.page_round, **fields)
    for name, value in fields.items():
        setattr(incident, name, value)


def _paged_already(incident: Incident) -> dict[PageKey, datetime]:
    """When each was there, or will be: the severity of now may want it sooner than it waits."""
    earlier = Delivery.objects.about(incident.topic).filter(
        lane=Lane.PAGE, created_at__gte=incident.clock_since
    )
    if incident.status == Status.TRIGGERED:
        # Withdrawn unsent when it looked milder; after an answer, withdrawn is withdrawn.
        earlier = earlier.exclude(state=State.CANCELLED)
    waiting = Case(When(state=State.PENDING, attempts=0, then="due_at"), default="created_at")
    rows = earlier.order_by().values_list("recipient_id", "channel", "address")
    return {
        (person, channel, address): there
        for person, channel, address, there in rows.annotate(there=Min(waiting))
    }


def deliveries(
    incident: Incident,
    pages: Iterable[Page],
    *,
    book: Book,
    services: Sequence[Service],
    why: str,
    at: datetime,
    step: str = "",
    caller: str = "",
) -> list[Delivery]:
    """`step` is the incident's round unless it is said; `caller` is whoever asks for them by name."""
    pages = list(pages)
    names = list(dict.fromkeys(page.name for page in pages if page.user_id))
    facts = _facts(incident, book, services, why, caller)
    told = {
        page.name: facts | {"others": [name for name in names if name != page.name]}
        for page in pages
    }
    return [
        Delivery(
            lane=Lane.PAGE,
            topic=incident.topic,
            step=step or str(incident.page_round),
            recipient_id=page.user_id,
            recipient_name=page.name,
            language=page.language,
            channel=page.channel,
            address=page.address,
            template="page",
            context=told[page.name],
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


def _facts(
    incident: Incident, book: Book, services: Sequence[Service], why: str, caller: str
) -> dict[str, Any]:
    since = incident.started_at or incident.detected_at
    return {
        "number": incident.number,
        "title": incident.title,
        "description": incident.description[:DESCRIBED],
        "runbook_url": incident.runbook_url,
        "severity": incident.severity,
        "status": incident.status,
        "services": [service.slug for service in services],
        "since": since.isoformat(),
        "why": why,
        "drill": incident.drill,
        "localised": {
            language: _localised(incident, book, services, why, language, caller)
            for language in ("ko", "en")
        },
    }


def mark(incident: Incident) -> str:
    """What stands before whatever is said of a drill."""
    return _("[DRILL]") + " " if incident.drill else ""


def _localised(
    incident: Incident,
    book: Book,
    services: Sequence[Service],
    why: str,
    language: str,
    caller: str,
) -> dict[str, str]:
    with translation.override(language):
        return {
            "severity_name": book[incident.severity].name,
            "services": ", ".join(service.name for service in services),
            "reason": reason(why, caller),
            "mark": mark(incident),
        } | said_in(incident, language)


def said_in(incident: Incident, language: str) -> dict[str, str]:
    """What is said otherwise in that language, as much of it as travels with a page."""
    return {name: text[:DESCRIBED] for name, text in incident.told_in(language).items()}

"""New incidents, one or five hundred: rows, clocks, timeline and pages in the caller's transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.copying import copy_in
from core.errors import Refused
from incidents.domain.paging import Page
from incidents.domain.stakeholders import Happened
from incidents.models import Event, Incident, SeverityPolicy
from incidents.services import assembling, paging, suggesting, timeline
from incidents.services.leading import tell_leaders
from incidents.services.policies import Book, read_book
from incidents.services.stakeholders.occasions import happened
from incidents.services.timeline import Entry
from notifications import services as outbox
from notifications.models import Delivery
from teams.models import Service, User


@dataclass
class Draft:
    """What is known when an incident opens; `entries` go onto its timeline first."""

    title: str
    severity: str
    at: datetime
    description: str = ""
    services: list[Service] = field(default_factory=list)
    group: str = ""
    routed_to: int | None = None  # a team
    started_at: datetime | None = None
    by_person: bool = False
    felt: bool = False  # customers feel it, whatever the services say
    drill: bool = False
    entries: list[Entry] = field(default_factory=list)
    runbook_url: str = ""
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def declare(
    title: str,
    *,
    severity: str,
    by: User,
    at: datetime,
    description: str = "",
    services: Sequence[Service] = (),
    drill: bool = False,
    felt: bool = False,
) -> Incident:
    """A person says so: the incident opens and the severity's team is paged, in a drill as in earnest."""
    if not title.strip():
        raise Refused(_("An incident needs a title."))
    said = Entry("declared", at, by=by, data={"severity": severity, "drill": drill})
    told = [Entry("customer_impact", at, by=by, data={"felt": True})] if felt else []
    draft = Draft(
        title.strip(), severity, at, description, list(services), by_person=True, drill=drill,
        felt=felt, entries=[said, *told],
    )  # fmt: skip
    with transaction.atomic():
        [incident] = open_all([draft], book=read_book(at=at))
        if not drill:
            suggesting.learn(incident, severity, at=at)
        return incident


def open_all(drafts: Sequence[Draft], *, book: Book) -> list[Incident]:
    """In the caller's transaction, a fixed number of statements however many there are."""
    numbers = _numbers(len(drafts))
    incidents = [
        _incident(draft, number, book) for draft, number in zip(drafts, numbers, strict=True)
    ]
    book.directory.teams({draft.routed_to for draft in drafts if draft.routed_to})
    events: list[Event] = []
    deliveries: list[Delivery] = []
    pages = _first_pages(incidents, drafts, book)
    for incident, draft, told in zip(incidents, drafts, pages, strict=True):
        events += timeline.chained(incident, [*draft.entries, _told(told, draft)])
        deliveries += paging.deliveries(
            incident, told, book=book, services=draft.services, why="opened", at=draft.at
        )
    Incident.objects.bulk_create(incidents)
    copy_in(events)
    _link_services(incidents, drafts)
    outbox.queue_first(deliveries)
    happened(incidents, Happened.OPENED, at=drafts[0].at)
    assembling.where_severity_says(incidents, book, at=drafts[0].at)
    tell_leaders(incidents, book, at=drafts[0].at)
    return incidents


def _first_pages(
    incidents: Sequence[Incident], drafts: Sequence[Draft], book: Book
) -> Iterator[list[Page]]:
    """Worked out once for all that are alike: in a storm most are."""
    found: dict[tuple[str, frozenset[int | None], int | None], list[Page]] = {}
    for incident, draft in zip(incidents, drafts, strict=True):
        owners = frozenset(service.owner_id for service in draft.services)
        alike = (draft.severity, owners, draft.routed_to)
        if alike not in found:
            step, instead = incident.plan.step(0), incident.instead
            found[alike] = book.pages(
                draft.severity, step, services=draft.services, instead=instead
            )
        yield found[alike]


def _incident(draft: Draft, number: int, book: Book) -> Incident:
    policy: SeverityPolicy = book[draft.severity]
    return Incident(
        number=number,
        title=draft.title,
        description=draft.description,
        translations=draft.translations,
        runbook_url=draft.runbook_url,
        severity=draft.severity,
        severity_by_person=draft.by_person,
        customer_impact=draft.felt or any(each.customer_facing for each in draft.services),
        group=draft.group,
        routed_to_id=draft.routed_to,
        drill=draft.drill,
        last_alert_at=draft.at if draft.group else None,
        started_at=draft.started_at,
        detected_at=draft.at,
        clock_since=draft.at,
        **policy.response_clock(since=draft.at),
        **policy.resolution_clock(since=draft.at),
    )


def _told(pages: Sequence[Page], draft: Draft) -> Entry:
    if not pages:
        return Entry("nobody_to_page", draft.at, data={"severity": draft.severity})
    return paging.paged(pages, why="opened", at=draft.at)


def _numbers(count: int) -> list[int]:
    """Numbers beforehand, so that the hash chain is computed once and every row written once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('incidents_incident', 'number'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [number for (number,) in cursor.fetchall()]


def _link_services(incidents: Sequence[Incident], drafts: Sequence[Draft]) -> None:
    through = Incident.services.through
    through.objects.bulk_create(
        [
            through(incident_id=incident.pk, service_id=service.pk)
            for incident, draft in zip(incidents, drafts, strict=True)
            for service in draft.services
        ]
    )

"""What is due: nobody answered in time, or it is not over in time. Safe to run twice, late, or twice at once."""

from datetime import datetime

from django.db import transaction

from incidents.domain.lifecycle import Status
from incidents.models import Incident
from incidents.services import timeline
from incidents.services.policies import Book, read_book
from incidents.services.responding import page, set_severity
from incidents.services.timeline import Entry

BATCH = 100


def escalate_due(*, at: datetime) -> int:
    """One severity up for each incident nobody answered in time, and paged again (M3.2)."""
    with transaction.atomic():
        due = list(
            Incident.objects.select_for_update(skip_locked=True)
            .filter(status=Status.TRIGGERED, respond_by__lte=at)
            .order_by("respond_by")[:BATCH]
        )
        book = read_book(at=at) if due else None
        for incident in due:
            if book:
                _escalate(incident, book, at=at)
    return len(due)


def _escalate(incident: Incident, book: Book, *, at: datetime) -> None:
    old, new = incident.severity, incident.level.one_up
    waited = book[old].respond_within
    before = tuple(book.people(old))
    team = book[old].team
    contact = team.escalation if team else None
    if new != old:
        set_severity(incident, new, book, at=at)
    incident.page_round += 1
    Incident.objects.filter(pk=incident.pk).update(
        page_round=incident.page_round,
        response_breached=True,
        **book[new].response_clock(since=at),
    )
    data = {"old": old, "new": new, "minutes": int(waited.total_seconds() // 60)}
    timeline.append(incident, Entry("escalated", at, data=data))
    also = (*before, contact) if contact and contact.is_active else before
    page(incident, book, why="escalated", at=at, also=also)


def mark_unresolved(*, at: datetime) -> int:
    """A missed resolution target is said once, and the escalation contact is told."""
    with transaction.atomic():
        due = list(
            Incident.objects.open()
            .select_for_update(skip_locked=True)
            .filter(resolve_by__lte=at, resolution_breached=False)
            .order_by("resolve_by")[:BATCH]
        )
        book = read_book(at=at) if due else None
        for incident in due:
            if book:
                _mark(incident, book, at=at)
    return len(due)


def _mark(incident: Incident, book: Book, *, at: datetime) -> None:
    Incident.objects.filter(pk=incident.pk).update(resolution_breached=True)
    minutes = int(book[incident.severity].resolve_within.total_seconds() // 60)
    timeline.append(incident, Entry("resolution_missed", at, data={"minutes": minutes}))
    page(incident, book, why="unresolved", at=at, with_escalation=True)

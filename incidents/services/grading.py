"""How grave it is: whatever follows from the severity is set anew in the transaction of its change."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from incidents.domain.lifecycle import Status
from incidents.domain.stakeholders import Happened
from incidents.models import Incident
from incidents.services import assembling, suggesting, timeline
from incidents.services.leading import tell_leaders
from incidents.services.moving import AlreadyMoved, put
from incidents.services.notices import withdraw_warnings
from incidents.services.paging import page
from incidents.services.policies import Book, read_book
from incidents.services.recounting import recount
from incidents.services.showing import show
from incidents.services.stakeholders.occasions import happened
from incidents.services.timeline import Entry
from notifications import services as outbox
from teams.models import User
from teams.rules import NotificationRule


def change_severity(
    incident: Incident, severity: str, *, by: User | None, at: datetime, reason: str = ""
) -> None:
    """Clocks and pages follow at once; who was paged by a channel already is not paged again."""
    old = incident.severity
    if severity == old:
        return
    with transaction.atomic():
        book = read_book(at=at)
        moved = set_severity(incident, severity, book, at=at, by_person=by is not None)
        if not moved:
            incident.refresh_from_db()
            raise AlreadyMoved(incident)
        data = {"old": old, "new": severity, "reason": reason}
        timeline.append(incident, Entry("severity", at, by=by, data=data))
        if by:
            suggesting.learn(incident, severity, at=at)
        page_anew(incident, old, book, at=at)


def page_anew(incident: Incident, old: str, book: Book, *, at: datetime) -> None:
    """Those who answered are counted by the new policy, and whom it calls or tells besides hears of it."""
    lacking = recount(incident, book[incident.severity], at=at)
    if incident.severity > old:
        _withdraw_the_louder(incident, book)
    if incident.severity < old or lacking:
        page(incident, book, why="severity", at=at, again=lacking)
    tell_leaders([incident], book, at=at)


def set_severity(
    incident: Incident, severity: str, book: Book, *, at: datetime, by_person: bool = False
) -> bool:
    """The severity with its clocks and policy, if the incident is open and still has the old one."""
    policy = book[severity]
    fields: dict[str, Any] = {
        "severity": severity,
        "severity_by_person": incident.severity_by_person or by_person,
    } | policy.resolution_clock(since=incident.clock_since)
    if incident.status == Status.TRIGGERED:
        fields |= policy.response_clock(since=at)
    else:  # an answer that came stays judged by its own promise
        fields |= {"escalation": policy.version, "escalation_place": 0}
    old = Incident.objects.open().filter(
        pk=incident.pk, severity=incident.severity, status=incident.status
    )
    if not old.update(**fields):
        return False
    before = incident.severity
    put(incident, fields)
    happened([incident], Happened.SEVERITY, at=at, old_severity=before)
    assembling.where_severity_says([incident], book, at=at)
    withdraw_warnings(incident)
    show(incident, at=at)
    return True


def _withdraw_the_louder(incident: Incident, book: Book) -> None:
    """What a person wishes for this severity is not too loud for it."""
    quiet = book[incident.severity].channels
    wished = NotificationRule.objects.filter(
        user=OuterRef("recipient"), channel=OuterRef("channel"), grave=incident.level.grave
    )
    outbox.cancel(incident.topic, keep_channels=[*quiet, "webhook"], keep=Exists(wished))

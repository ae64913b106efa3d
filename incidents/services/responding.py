"""What people do with an incident. Each is one transaction and one compare-and-set."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.lifecycle import Status, may_move
from incidents.domain.replies import How
from incidents.domain.stakeholders import Happened
from incidents.models import Answer, Incident, StatusName
from incidents.services import assembling, suggesting, timeline
from incidents.services.gate import close_gate
from incidents.services.notices import withdraw_warnings
from incidents.services.paging import page
from incidents.services.policies import Book, read_book
from incidents.services.roles import first_to_lead
from incidents.services.showing import show
from incidents.services.stakeholders.occasions import happened
from incidents.services.timeline import Entry
from monitoring import services as alerts
from notifications import receipts
from notifications import services as outbox
from teams.models import User
from teams.rules import NotificationRule


class AlreadyMoved(Refused):
    """Somebody was faster; `incident` is fresh."""

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        status = StatusName(incident.status).label
        super().__init__(_("The incident is already: %(status)s.") % {"status": status})


def acknowledge(
    incident: Incident,
    *,
    by: User | None,
    at: datetime,
    via: str = "",
    how: How = How.LINK,
    actor: str = "",
) -> None:
    """Somebody answers: every page still on its way is withdrawn in the same transaction.

    `via` is the channel of the page that is answered, `how` what they did; `actor` names a machine.
    """
    lasts = incident.plan.lasts
    fields: dict[str, Any] = {
        "acknowledged_at": at,
        "acknowledged_by": by,
        "answer_lapses_at": at + lasts if lasts else None,
    }
    way = {"via": via, "how": how.value} if via else {}
    with transaction.atomic():
        if not by or incident.plan.answers == 1 or _enough(incident, by, way, at=at):
            _move(incident, Status.ACKNOWLEDGED, at=at, by=by, actor=actor, way=way, **fields)
        if via:
            receipts.answered(incident.topic, by.pk if by else None, via, at=at)
        if by:
            first_to_lead(incident, by, at=at)


def _enough(incident: Incident, by: User, way: dict[str, str], *, at: datetime) -> bool:
    """Where several must answer: one more has, and only their own pages are withdrawn."""
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    if not may_move(held.status, Status.ACKNOWLEDGED):
        raise AlreadyMoved(held)
    _answer, is_new = Answer.objects.get_or_create(incident=incident, user=by, defaults={"at": at})
    count, needed = incident.answers.count(), incident.plan.answers
    if is_new and count < needed:
        data = {"count": count, "needed": needed} | way
        timeline.append(incident, Entry("answered", at, by=by, data=data))
        outbox.cancel(incident.topic, recipient=by.pk)
    return count >= needed


def mitigate(incident: Incident, *, by: User | None, at: datetime, actor: str = "") -> None:
    """Customers no longer feel it; what caused it may still be there."""
    answered = _answered(incident, by, at)
    _move(incident, Status.MITIGATED, at=at, by=by, actor=actor, mitigated_at=at, **answered)


def resolve(incident: Incident, *, by: User | None, at: datetime, actor: str = "") -> None:
    answered = _answered(incident, by, at)
    with transaction.atomic():
        close_gate()  # or an alert could join what ends here, and burn unseen
        # One that still fires will come as new, and open an incident: nothing stays hidden in a
        # closed one. Alerts before the incident, as the intake locks them.
        alerts.close(list(incident.alert_links.values_list("alert_id", flat=True)), at=at)
        _move(
            incident, Status.RESOLVED, at=at, by=by, actor=actor,
            resolved_at=at, resolution_proposed_at=None, **answered,
        )  # fmt: skip
        happened([incident], Happened.RESOLVED, at=at)


def end_as_duplicate(incident: Incident, *, of: Incident, by: User, at: datetime) -> None:
    """It goes on under another number: nobody is told that it is over. The caller moved its alerts."""
    answered = _answered(incident, by, at)
    _move(
        incident, Status.RESOLVED, at=at, by=by, actor="", way={"merged_into": of.pk},
        resolved_at=at, resolution_proposed_at=None, merged_into=of, **answered,
    )  # fmt: skip


def _answered(incident: Incident, by: User | None, at: datetime) -> dict[str, Any]:
    """Whoever ends it without having acknowledged it answers by that."""
    if incident.acknowledged_at:
        return {}
    return {"acknowledged_at": at, "acknowledged_by": by}


def reopen(incident: Incident, *, by: User, at: datetime) -> None:
    """It came back: the clocks start anew and the team is paged again."""
    with transaction.atomic():
        book = read_book(at=at)
        Answer.objects.filter(incident=incident).delete()
        policy = book[incident.severity]
        _move(
            incident, Status.TRIGGERED, at=at, by=by, actor="",
            acknowledged_at=None, acknowledged_by=None, mitigated_at=None, resolved_at=None, merged_into=None,
            clock_since=at, page_round=incident.page_round + 1, response_breached=False, resolution_breached=False,
            **policy.response_clock(since=at), **policy.resolution_clock(since=at),
        )  # fmt: skip
        page(incident, book, why="reopened", at=at, again=True)
        happened([incident], Happened.OPENED, at=at)


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
        if severity < old:
            page(incident, book, why="severity", at=at)
        else:
            _withdraw_the_louder(incident, book)


def set_severity(
    incident: Incident, severity: str, book: Book, *, at: datetime, by_person: bool = False
) -> bool:
    """The severity and its clocks, if the incident is open and still has the old one."""
    policy = book[severity]
    fields: dict[str, Any] = {
        "severity": severity,
        "severity_by_person": incident.severity_by_person or by_person,
    } | policy.resolution_clock(since=incident.clock_since)
    if incident.status == Status.TRIGGERED:  # an answer that came stays judged by its own promise
        fields |= policy.response_clock(since=at)
    old = Incident.objects.open().filter(
        pk=incident.pk, severity=incident.severity, status=incident.status
    )
    if not old.update(**fields):
        return False
    before = incident.severity
    _set(incident, fields)
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


def _move(
    incident: Incident,
    to: Status,
    *,
    at: datetime,
    by: User | None,
    actor: str,
    way: dict[str, Any] | None = None,
    **fields: Any,
) -> None:
    if not may_move(incident.status, to):
        raise AlreadyMoved(incident)
    with transaction.atomic():
        fields |= {"status": to} | ({} if to == Status.TRIGGERED else {"escalate_at": None})
        moved = Incident.objects.filter(pk=incident.pk, status=incident.status).update(**fields)
        if not moved:
            incident.refresh_from_db()
            raise AlreadyMoved(incident)
        data = {"from": incident.status, "to": to} | (way or {})
        _set(incident, fields)
        timeline.append(incident, Entry("status", at, by=by, actor=actor, data=data))
        outbox.cancel(incident.topic)
        if to in {Status.RESOLVED, Status.TRIGGERED}:  # until then the clock to resolution runs on
            withdraw_warnings(incident)
        show(incident, at=at)


def _set(incident: Incident, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(incident, name, value)

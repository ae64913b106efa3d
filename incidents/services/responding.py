"""What people do with an incident. Each is one transaction and one compare-and-set."""

from datetime import datetime
from typing import Any

from django.db import transaction

from incidents.domain.lifecycle import Status, may_move
from incidents.domain.replies import How
from incidents.domain.stakeholders import Happened
from incidents.models import Answer, Incident
from incidents.services import timeline
from incidents.services.gate import close_gate
from incidents.services.joining import come
from incidents.services.moving import AlreadyMoved, move
from incidents.services.paging import page
from incidents.services.policies import read_book
from incidents.services.roles import first_to_lead
from incidents.services.stakeholders.occasions import happened
from incidents.services.timeline import Entry
from monitoring import services as alerts
from notifications import receipts
from notifications import services as outbox
from teams.models import User


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

    Whoever was called into what is under way comes by that, and answers for nobody else.

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
        try:
            if not by or incident.plan.answers == 1 or _enough(incident, by, way, at=at):
                move(incident, Status.ACKNOWLEDGED, at=at, by=by, actor=actor, way=way, **fields)
        except AlreadyMoved as moved:
            if not (by and come(moved.incident, by=by, at=at, way=way)):
                raise
        if via:
            receipts.answered(incident.topic, by.pk if by else None, via, at=at)
        if by:
            outbox.cancel(incident.topic, recipient=by.pk)
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
    return count >= needed


def mitigate(
    incident: Incident,
    *,
    by: User | None,
    at: datetime,
    actor: str = "",
    way: dict[str, str] | None = None,
) -> None:
    """Customers no longer feel it; what caused it may still be there."""
    move(
        incident, Status.MITIGATED, at=at, by=by, actor=actor, way=way,
        mitigated_at=at, **_answered(incident, by, at),
    )  # fmt: skip


def resolve(
    incident: Incident,
    *,
    by: User | None,
    at: datetime,
    actor: str = "",
    way: dict[str, str] | None = None,
) -> None:
    answered = _answered(incident, by, at)
    with transaction.atomic():
        close_gate()  # or an alert could join what ends here, and burn unseen
        # One that still fires will come as new, and open an incident: nothing stays hidden in a
        # closed one. Alerts before the incident, as the intake locks them.
        alerts.close(list(incident.alert_links.values_list("alert_id", flat=True)), at=at)
        move(
            incident, Status.RESOLVED, at=at, by=by, actor=actor, way=way,
            resolved_at=at, resolution_proposed_at=None, **answered,
        )  # fmt: skip
        happened([incident], Happened.RESOLVED, at=at)


def end_as_duplicate(incident: Incident, *, of: Incident, by: User, at: datetime) -> None:
    """It goes on under another number: nobody is told that it is over. The caller moved its alerts."""
    answered = _answered(incident, by, at)
    move(
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
        move(
            incident, Status.TRIGGERED, at=at, by=by, actor="",
            acknowledged_at=None, acknowledged_by=None, mitigated_at=None, resolved_at=None, merged_into=None,
            clock_since=at, page_round=incident.page_round + 1, response_breached=False, resolution_breached=False,
            **policy.response_clock(since=at), **policy.resolution_clock(since=at),
        )  # fmt: skip
        page(incident, book, why="reopened", at=at, again=True)
        happened([incident], Happened.OPENED, at=at)

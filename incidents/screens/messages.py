"""What stakeholders were told, what waits for approval, and whom it would reach."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q

from incidents.models import Incident, MessageState, SeverityPolicy, StakeholderMessage, UrgencyName
from incidents.screens.room.facts import facts
from incidents.screens.room.stakeholders import stakeholders
from notifications.queries import not_reached
from teams.domain.roles import Action
from teams.models import User
from teams.stakeholders import StakeholderGroup

SHOWN: Final = 100
FAILURES_SHOWN: Final = 20


@dataclass(frozen=True)
class Draft:
    id: str
    version: int
    group: str
    size: int
    external: bool
    urgency: str
    since: datetime
    written_by: str
    needs_another: bool
    texts: Mapping[str, str]
    theirs: Mapping[str, str] = field(default_factory=dict)  # where somebody was faster


@dataclass(frozen=True)
class Told:
    group: str
    external: bool
    subject: str
    texts: Mapping[str, str]
    state: str
    state_name: str
    at: datetime
    goes_at: datetime | None  # while it waits for its digest
    approved_by: str
    automatic: bool
    reached: int
    recipients: int
    missed: int
    failures: list[tuple[str, str]]


@dataclass(frozen=True)
class Typed:
    """What somebody typed into a draft that could not be sent: shown again, nothing lost."""

    message: StakeholderMessage
    texts: Mapping[str, str]
    why: str


def messages_page(
    incident: Incident, user: User, *, at: datetime, typed: Typed | None = None
) -> dict[str, Any]:
    rows = incident.messages.select_related("group", "written_by", "approved_by")
    found = list(rows.order_by("-drafted_at")[:SHOWN])
    waiting = [one for one in found if one.state == MessageState.DRAFT]
    names = {row.severity: row.name for row in SeverityPolicy.objects.all()}
    sizes = group_sizes({one.group_id for one in waiting})
    return {
        "incident": facts(incident, names) | {"customer_impact": incident.customer_impact},
        "stakeholders": stakeholders(incident, at=at),
        "drafts": [_draft(one, user, sizes, typed) for one in waiting],
        "told": _told([one for one in found if one.state != MessageState.DRAFT]),
        "wrong": typed.why if typed else "",
        "can_write": user.may(Action.RESPOND),
        "can_approve": user.may(Action.COMMAND),
    }


def group_sizes(groups: Iterable[int]) -> dict[int, int]:
    """How many each group would reach; two counts in one question."""
    reachable = Q(people__is_active=True, people__contacts__enabled=True)
    rows = StakeholderGroup.objects.filter(pk__in=list(groups)).annotate(
        ours=Count("people", filter=reachable, distinct=True),
        theirs=Count("contacts", filter=Q(contacts__enabled=True), distinct=True),
    )
    return {row.pk: row.ours + row.theirs for row in rows}


def _draft(
    one: StakeholderMessage, user: User, sizes: Mapping[int, int], typed: Typed | None
) -> Draft:
    mine = typed if typed and typed.message.pk == one.pk else None
    overtaken = mine is not None and mine.message.version != one.version
    return Draft(
        id=str(one.pk),
        version=one.version,
        group=one.group.name,
        size=sizes[one.group_id],
        external=one.external,
        urgency=str(UrgencyName(one.urgency).label),
        since=one.drafted_at,
        written_by=one.written_by.name if one.written_by else "",
        needs_another=one.second_person and one.written_by_id == user.pk,
        texts=mine.texts if mine else one.texts,
        theirs=one.texts if overtaken else {},
    )


def _told(rows: Sequence[StakeholderMessage]) -> list[Told]:
    failures = not_reached([one.topic for one in rows if one.missed], most=FAILURES_SHOWN)
    return [
        Told(
            group=one.group.name,
            external=one.external,
            subject=one.subject,
            texts=one.texts,
            state=one.state,
            state_name=str(MessageState(one.state).label),
            at=one.finished_at or one.approved_at or one.drafted_at,
            goes_at=one.goes_at if not one.queued_at else None,
            approved_by=one.approved_by.name if one.approved_by else "",
            automatic=one.automatic,
            reached=one.reached,
            recipients=one.recipients,
            missed=one.missed,
            failures=failures.get(one.topic, []),
        )
        for one in rows
    ]

"""People are asked for their approval: at once, and once more at half time. Safe to run twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from core.money import trx
from incidents.domain.paging import Page
from incidents.models import Incident, RoleHeld
from incidents.services.paging import mark, said_in
from incidents.services.policies import Book, leader, read_book
from notifications import services as outbox
from notifications.models import Delivery, Lane
from runbooks.domain import asking
from runbooks.domain.actions import Mode, State
from runbooks.models import Action, Limits
from runbooks.services.entries import titles
from teams.domain.roles import Action as May
from teams.domain.roles import Role, may
from teams.models import User

ABLE: Final = [role for role in Role if may(role, May.COMMAND)]
MANAGEMENT: Final = "management"
BATCH: Final = 100


def ask_due(*, at: datetime) -> int:
    """How many actions somebody was asked about now."""
    limits = {row.kind: row for row in Limits.objects.exclude(mode=Mode.OFF)}
    waiting = Action.objects.filter(state=State.PROPOSED, kind__in=limits).order_by("pk")
    rows = waiting.select_related("incident").prefetch_related("approvals")[:BATCH]
    steps = {action: _step(action, limits[action.kind], at) for action in rows}
    asked = Delivery.objects.filter(
        topic__in={_topic(action) for action in steps}, step__in=steps.values()
    )
    known = set(asked.values_list("step", flat=True))
    new = [action for action, step in steps.items() if step not in known]
    if not new:
        return 0
    circles = _Circles(new, at)
    return sum(_ask(action, steps[action], limits[action.kind], circles, at) for action in new)


def withdraw(action: Action) -> None:
    """Nobody need decide any more."""
    outbox.cancel_step(_topic(action), _cause(action))


class _Circles:
    """Who is near an action: the commander of its incident, whoever is on call, management."""

    def __init__(self, actions: Sequence[Action], at: datetime) -> None:
        self.book: Book = read_book(at=at)
        numbers = {action.incident_id for action in actions if action.incident_id}
        held = RoleHeld.objects.commanders().filter(incident__in=numbers)
        self.commanders = dict(held.values_list("incident", "user"))
        people = User.objects.filter(is_active=True, role__in=ABLE)
        self.able = people.prefetch_related("contacts").order_by("pk").in_bulk()
        in_management = people.filter(stakeholder_groups__slug=MANAGEMENT)
        self.management = list(in_management.order_by("pk").values_list("pk", flat=True))
        rosters = self.book.directory.rosters
        self.on_call = [person.pk for person in self.book.directory.on_call(rosters)]

    def of(self, action: Action) -> list[list[int]]:
        commander = self.commanders.get(action.incident_id or 0)
        return [[commander] if commander else [], self.on_call, self.management]


def _ask(action: Action, step: str, limits: Limits, circles: _Circles, at: datetime) -> bool:
    done = {one.person_id for one in action.approvals.all()} | {action.proposed_by_id or 0}
    needed = action.people_needed(limits.plain)
    chosen = asking.whom(
        circles.of(action), needed=needed - _approved(action), able=circles.able, done=done,
        occasion=step.rpartition(":")[2],
    )  # fmt: skip
    pages = [
        page for key in chosen for page in _ways(action.incident, circles.able[key], circles.book)
    ]
    made = _deliveries(action, pages, step, limits, needed, at)
    with transaction.atomic():
        still = Action.objects.select_for_update().filter(pk=action.pk, state=State.PROPOSED)
        if not still.exists():
            return False
        outbox.queue(made)
    return bool(made)


def _approved(action: Action) -> int:
    """Of whoever asks for it now no approval counts, though they gave one before they took it over."""
    return sum(one.person_id != action.proposed_by_id for one in action.approvals.all())


def _ways(incident: Incident | None, user: User, book: Book) -> Iterable[Page]:
    """As loud as the incident is grave; quietly without one."""
    if incident is not None:
        return book.own_pages(incident.severity, user)
    way = leader(user)
    return [way] if way else []


def _deliveries(
    action: Action, pages: Iterable[Page], step: str, limits: Limits, needed: int, at: datetime
) -> list[Delivery]:
    facts = _facts(action, limits, needed, again=step.endswith(asking.AGAIN))
    return [
        Delivery(
            lane=Lane.NOTICE, topic=_topic(action), step=step, recipient_id=page.user_id,
            recipient_name=page.name, language=page.language, channel=page.channel,
            address=page.address, template="approval", context=facts, created_at=at,
            due_at=at + page.after,
        )
        for page in pages
    ]  # fmt: skip


def _facts(action: Action, limits: Limits, needed: int, *, again: bool) -> dict[str, Any]:
    incident = action.incident
    said = titles(action)
    return {
        "number": incident.number if incident else None,
        "title": incident.title if incident else "",
        "severity": incident.severity if incident else "",
        "amount": trx(action.sun) if action.sun else "",
        "again": again,
        "needed": needed,
        "approved": _approved(action),
        "due": (action.proposed_at + limits.valid_for).isoformat(),
        "page": f"{settings.BASE_URL}{reverse('runbooks:action', args=[action.pk])}",
        "localised": {
            language: {"what": said[language]} | _of_incident(incident, language)
            for language in said
        },
    }


def _of_incident(incident: Incident | None, language: str) -> dict[str, str]:
    if incident is None:
        return {"mark": ""}
    with translation.override(language):
        return {"mark": mark(incident)} | said_in(incident, language)


def _topic(action: Action) -> str:
    return action.incident.topic if action.incident else f"action:{action.pk}"


def _cause(action: Action) -> str:
    """Of whoever asks for it now: where another does, people are asked anew."""
    return f"approve:{action.pk}:{action.proposed_by_id or 0}:"


def _step(action: Action, limits: Limits, at: datetime) -> str:
    return _cause(action) + asking.occasion(action.proposed_at, limits.valid_for, now=at)

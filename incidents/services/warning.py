"""Clocks warn before they break. Safe to run twice, late, or twice at once; what is overdue is for `escalating`."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.domain.lifecycle import Status
from incidents.models import Event, Incident, IncidentQuerySet, RoleHeld
from incidents.services import timeline
from incidents.services.notices import DUE_SOON, notices
from incidents.services.policies import Book, leader, read_book
from incidents.services.timeline import Entry
from notifications import queries as sent
from notifications import services as outbox
from notifications.models import Delivery
from teams.models import User

BATCH = 100


def warn_due(*, at: datetime) -> int:
    """A line for each clock that nears its end; whoever leads is told of the resolution, quietly."""
    unanswered = Incident.objects.filter(
        status=Status.TRIGGERED, response_warned=False, response_warn_at__lte=at, respond_by__gt=at
    )
    unresolved = Incident.objects.open().filter(
        resolution_warned=False, resolution_breached=False, resolution_warn_at__lte=at,
        resolve_by__gt=at,
    )  # fmt: skip
    with transaction.atomic():
        answers = _held(unanswered, "response_warn_at")
        _say(answers, "response", at=at)
    with transaction.atomic():
        ends = _held(unresolved, "resolution_warn_at")
        _say(ends, "resolution", at=at)
        if ends:
            outbox.queue(_notices(ends, read_book(at=at), at=at))
    return len(answers) + len(ends)


def _held(due: IncidentQuerySet, order: str) -> list[Incident]:
    rows = due.select_for_update(skip_locked=True).order_by(order)
    return list(rows.prefetch_related("services")[:BATCH])


def _say(incidents: Sequence[Incident], which: str, *, at: datetime) -> None:
    """All in two statements: the rows were read under their lock, so their chains are fresh."""
    events: list[Event] = []
    for incident in incidents:
        due = incident.respond_by if which == "response" else incident.resolve_by
        data = {"seconds": int((due - at).total_seconds())}
        events += timeline.chained(incident, [Entry(f"{which}_due_soon", at, data=data)])
        setattr(incident, f"{which}_warned", True)
    timeline.write(events, incidents, also=[f"{which}_warned"])


def _notices(incidents: Sequence[Incident], book: Book, *, at: datetime) -> Iterable[Delivery]:
    paged = sent.who_was_paged(incident.topic for incident in incidents)
    leads = dict(
        RoleHeld.objects.commanders().filter(incident__in=incidents).values_list("incident", "user")
    )
    people = User.objects.filter(is_active=True).prefetch_related("contacts")
    known = people.in_bulk({*leads.values()}.union(*paged.values()))
    for incident in incidents:
        commander = leads.get(incident.pk)
        if commander and commander in known:
            asked = {commander}
        else:
            asked = paged.get(incident.topic, set())
        pages = [leader(known[pk]) for pk in sorted(asked) if pk in known]
        yield from notices(
            incident, [page for page in pages if page], book=book,
            step=f"{DUE_SOON}:{incident.resolve_by:%y%m%d%H%M%S}",
            headline=lambda: _("The resolution target is near"), due=incident.resolve_by, at=at,
        )  # fmt: skip

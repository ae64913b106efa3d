"""Diagnoses that start by themselves: what only reads is begun for an incident that opens, before anybody asks for it.

An incident is looked at when it is new, and again whenever its timeline has grown: alerts join it one by one. Each runbook
starts once for it, which its rows hold.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from core.errors import Refused
from incidents.models import Incident
from runbooks.choosing import chosen
from runbooks.domain.runs import RunState
from runbooks.models import Looked, Purpose, Run, Runbook
from runbooks.queries import books, facts_of_each, fitting
from runbooks.services.starting import start

log = logging.getLogger(__name__)

FRESH: Final = timedelta(minutes=15)  # since it opened or came back
BATCH: Final = 50
AT_ONCE: Final = 20  # a storm of incidents is no reason to press hosts that suffer already


def diagnose_due(*, at: datetime) -> int:
    """How many were started. To look costs the same for one incident and for fifty."""
    with transaction.atomic():
        incidents = _unread(at)
        if not incidents:
            return 0
        wanted = _wanted(incidents)
        room = AT_ONCE - Run.objects.filter(state=RunState.RUNNING, itself__isnull=False).count()
        begun = wanted[: max(0, room)]
        started = sum(_start(*one, at=at) for one in begun)
        left = {incident.pk for incident, *_rest in wanted[len(begun) :]}
        _read(one for one in incidents if one.pk not in left)
    return started


def _unread(at: datetime) -> list[Incident]:
    """The gravest first, each held: whoever else looks passes over them."""
    read = Looked.objects.filter(incident=OuterRef("pk"), length=OuterRef("timeline_length"))
    fresh = Incident.objects.open().filter(~Exists(read), clock_since__gt=at - FRESH)
    held = fresh.select_for_update(skip_locked=True, of=["self"])
    return list(held.order_by("severity", "number")[:BATCH])


def _wanted(incidents: Sequence[Incident]) -> list[tuple[Incident, Runbook, Collection[str]]]:
    """Each with the services that its incident is about."""
    among = [book for book in books() if _may(book)]
    numbers = [one.pk for one in incidents]
    begun = set(
        Run.objects.filter(incident__in=numbers, itself__isnull=False).values_list(
            "incident", "itself"
        )
    )
    facts = facts_of_each(numbers) if among else {}
    return [
        (incident, found.runbook, facts[incident.pk].services)
        for incident in incidents
        for found in (fitting(facts[incident.pk], among) if among else ())
        if (incident.pk, found.runbook.pk) not in begun
    ]


def _may(book: Runbook) -> bool:
    return bool(book.starts_by_itself and book.current and book.current.document.starts_by_itself)


def _start(incident: Incident, book: Runbook, services: Collection[str], *, at: datetime) -> bool:
    purpose = Purpose.DRILL if incident.drill else Purpose.INCIDENT
    try:
        version = book.current
        assert version is not None  # noqa: S101 - as `_may` has seen
        given = chosen(version.document.inputs, services)
        with transaction.atomic():
            start(version, given, at=at, incident=incident, purpose=purpose)
    except Refused as refused:
        log.warning("%s does not start by itself: %s", book.key, refused)
        return False
    return True


def _read(incidents: Iterable[Incident]) -> None:
    rows = [Looked(incident=one, length=one.timeline_length) for one in incidents]
    Looked.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["incident"], update_fields=["length"]
    )

"""Who was asked, who did what, and for whom one still waits: read from pages and timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Max, Min, Q

from incidents.domain import asked
from incidents.domain.asked import CALL, Asked, Deeds
from incidents.domain.lifecycle import Status
from incidents.models import Incident
from notifications import queries as sent


@dataclass(frozen=True)
class Answers:
    """Who did what in an incident, and for whom one waits: asked once by whoever needs both."""

    deeds: Mapping[int, Deeds]
    waiting: Mapping[int, datetime]

    @classmethod
    def to(cls, incident: Incident) -> Self:
        deeds = deeds_of(incident)
        return cls(deeds, awaited(incident, deeds))


def came(deeds: Mapping[int, Deeds]) -> dict[int, datetime]:
    """Everybody who did something, and when first."""
    return {person: each.first for person, each in deeds.items() if each.first}


def deeds_of(incident: Incident) -> dict[int, Deeds]:
    """By person. What was written down afterwards says nothing of when somebody came."""
    events = incident.timeline.filter(actor_user__isnull=False).exclude(data__has_key="written_at")
    did = ~Q(kind="declined")
    rows = events.order_by().values("actor_user").annotate(
        first=Min("at", filter=did), last=Max("at", filter=did), declined=Max("at", filter=~did)
    )  # fmt: skip
    return {row["actor_user"]: Deeds(row["first"], row["last"], row["declined"]) for row in rows}


def declined_since(incident: Incident, round_: int) -> set[int]:
    events = incident.timeline.filter(kind="declined", data__round__gte=round_)
    return {person for person in events.values_list("actor_user", flat=True) if person}


def awaited(incident: Incident, deeds: Mapping[int, Deeds] | None = None) -> dict[int, datetime]:
    """Who was asked to answer or to come and has not said a word since; from when on."""
    if not incident.is_open:
        return {}
    rows = sent.last_asked(incident.topic, since=incident.clock_since, called=CALL)
    return asked.awaited(
        {person: Asked(at, called_at) for person, at, called_at in rows},
        deeds_of(incident) if deeds is None else deeds,
        triggered=incident.status == Status.TRIGGERED,
    )

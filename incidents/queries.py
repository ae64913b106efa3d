from collections.abc import Collection
from typing import Final

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Upper

from incidents.domain.story import Show
from incidents.models import Event, EventQuerySet, Incident, IncidentQuerySet, Said
from incidents.search import TRIGRAM, Letters, beginnings

FOUND: Final = 1000


def search(rows: IncidentQuerySet, typed: str) -> IncidentQuerySet:
    """By number (214 or #214), a part of the title, or how words of title, description and notes begin.

    Of words that stand in more than a thousand incidents, the newest thousand.
    """
    found = Q(title__icontains=typed)
    if len(typed) < TRIGRAM:
        found &= Q(letters__contains=Letters(Upper(Value(typed))))
    # Read first: beside a subquery PostgreSQL would not use the index of titles.
    found |= Q(pk__in=list(saying(typed)))
    number = typed.strip().lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        found |= Q(number=int(number))
    return rows.alias(letters=Letters(Upper("title"))).filter(found)


def saying(typed: str) -> QuerySet[Said, int]:
    """Their numbers, the newest first."""
    said = Said.objects.filter(words=beginnings(typed))
    return said.order_by("-incident").values_list("incident", flat=True)[:FOUND]


def last_notes(numbers: list[int]) -> dict[int, str]:
    """What a person wrote last in each: as a rule, how it ended."""
    notes = Event.objects.filter(incident__in=numbers, kind="note")
    newest = notes.order_by("incident_id", "-seq").distinct("incident_id")
    return {note.incident_id: str(note.data["text"]) for note in newest}


def with_merged(incident: Incident, show: Show, *, pinned: Collection[int]) -> EventQuerySet:
    """Its events and those of the incidents merged into it, as they happened."""
    ours = Event.objects.filter(incident=incident).shown(show, pinned=pinned)
    theirs = Event.objects.filter(incident__merged_into=incident).shown(show, pinned=())
    return (ours | theirs).order_by("at", "incident", "seq")

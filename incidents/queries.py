from collections.abc import Collection, Iterator
from typing import Final

from django.contrib.postgres.search import TrigramDistance, TrigramSimilarity
from django.db.models import Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Upper

from incidents.domain.lifecycle import Status
from incidents.domain.likeness import Likeness, ranked
from incidents.domain.story import Show
from incidents.models import Event, EventQuerySet, Incident, IncidentQuerySet
from incidents.search import TRIGRAM, Letters, Words, beginnings

FOUND: Final = 1000
LOOKED_AT: Final = 20  # the nearest titles, and as many of the same group
SHOWN: Final = 5


def search(rows: IncidentQuerySet, typed: str) -> IncidentQuerySet:
    """By number (214 or #214), a part of the title, or how words of title, description and notes begin.

    Of words that stand in more than a thousand descriptions or notes, the newest thousand.
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


def saying(typed: str) -> QuerySet[Incident, int]:
    """Their numbers, of each kind of text by its own index."""
    asked = beginnings(typed)
    said = Incident.objects.alias(words=Words("title", "description")).filter(words=asked)
    noted = Event.objects.alias(words=Words(KT("data__text"))).filter(kind="note", words=asked)
    ours = said.order_by("-pk").values_list("pk", flat=True)[:FOUND]
    theirs = noted.order_by("-incident").values_list("incident", flat=True)[:FOUND]
    return ours.union(theirs)


def similar(incident: Incident) -> list[Incident]:
    """What happened before and was like this, the likest first: a fixed number of queries, by index."""
    alike = _candidates(incident)
    found = Incident.objects.prefetch_related("services").in_bulk(list(alike))
    likenesses = _likenesses(incident, found, alike)
    return [found[number] for number in ranked(likenesses, most=SHOWN)]


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


def _candidates(incident: Incident) -> dict[int, float]:
    """Those with the nearest titles, and the newest of the same group; and how near each title is."""
    others = (
        Incident.objects.counted()
        .exclude(pk=incident.pk)
        .annotate(alike=TrigramSimilarity("title", incident.title))
    )
    near = others.order_by(TrigramDistance("title", incident.title))
    found = dict(near.values_list("pk", "alike")[:LOOKED_AT])
    if incident.group:
        kin = others.filter(group=incident.group).order_by("-number")
        found |= dict(kin.values_list("pk", "alike")[:LOOKED_AT])
    return found


def _likenesses(
    incident: Incident, found: dict[int, Incident], alike: dict[int, float]
) -> Iterator[Likeness]:
    services = set(incident.services.all())
    for number, other in found.items():
        yield Likeness(
            number=number,
            title=alike[number],
            same_group=bool(incident.group) and other.group == incident.group,
            same_service=bool(services & set(other.services.all())),
            resolved=other.status == Status.RESOLVED,
        )

from collections.abc import Collection, Iterator
from typing import Final

from django.contrib.postgres.search import TrigramDistance, TrigramSimilarity

from incidents.domain.lifecycle import Status
from incidents.domain.likeness import Likeness, ranked
from incidents.domain.story import Show
from incidents.models import Event, EventQuerySet, Incident

LOOKED_AT: Final = 20  # the nearest titles, and as many of the same group
SHOWN: Final = 5


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

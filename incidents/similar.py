"""What happened before and was like this: by the nearest titles, the same alerts, and the words both have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from django.contrib.postgres.search import TrigramDistance, TrigramSimilarity
from django.db.models import QuerySet, TextField, Value
from django.db.models.fields.json import KT

from incidents.domain.lifecycle import Status
from incidents.domain.likeness import COMMON, Likeness, ranked, sharing
from incidents.domain.telling import telling_words
from incidents.models import Incident, Said
from incidents.search import beginnings

LOOKED_AT: Final = 20  # the nearest titles, as many of the same group, and as many who share words
SHOWN: Final = 5
NOTES: Final = 10  # the first: they say what it is, later ones what is done


@dataclass(frozen=True)
class Similar:
    incident: Incident
    why: Likeness


def similar(incident: Incident) -> list[Similar]:
    """The likest first: a fixed number of queries, by index, of bounded answers."""
    shared = sharing(_with_words_of(incident), most=LOOKED_AT)
    alike = _near(incident)
    numbers = alike.keys() | shared.keys()
    others = Incident.objects.counted().annotate(alike=TrigramSimilarity("title", incident.title))
    found = others.prefetch_related("services").in_bulk(list(numbers))
    likenesses = _likenesses(incident, found.values(), shared)
    return [Similar(found[each.number], each) for each in ranked(likenesses, most=SHOWN)]


def _near(incident: Incident) -> dict[int, None]:
    """Those with the nearest titles, and the newest of the same group."""
    others = Incident.objects.counted().exclude(pk=incident.pk)
    near = others.order_by(TrigramDistance("title", incident.title))
    found = list(near.values_list("pk", flat=True)[:LOOKED_AT])
    if incident.group:
        kin = others.filter(group=incident.group).order_by("-number")
        found += kin.values_list("pk", flat=True)[:LOOKED_AT]
    return dict.fromkeys(found)


def _with_words_of(incident: Incident) -> Iterable[tuple[int, str]]:
    """(incident, word), in one question: of each word no more than shows that it is common."""
    notes = incident.timeline.filter(kind="note").order_by("seq")
    said = notes.values_list(KT("data__text"), flat=True)[:NOTES]
    words = telling_words(chain([incident.title, incident.description], said))
    if not words:
        return ()
    parts = [_who_has(word, incident) for word in words]
    return parts[0].union(*parts[1:], all=True)


def _who_has(word: str, incident: Incident) -> QuerySet[Any, tuple[int, str]]:
    theirs = Said.objects.exclude(incident=incident).filter(words=beginnings(word))
    named = theirs.annotate(word=Value(word, output_field=TextField())).order_by()
    return named.values_list("incident", "word")[: COMMON + 1]


def _likenesses(
    incident: Incident, found: Iterable[Incident], shared: dict[int, tuple[str, ...]]
) -> Iterator[Likeness]:
    services = set(incident.services.all())
    for other in found:
        yield Likeness(
            number=other.pk,
            title=other.alike,  # type: ignore[attr-defined]
            same_group=bool(incident.group) and other.group == incident.group,
            same_service=bool(services & set(other.services.all())),
            resolved=other.status == Status.RESOLVED,
            words=shared.get(other.pk, ()),
        )

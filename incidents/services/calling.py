"""Somebody is called into an incident by a person, or the policy's next step before its time."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.asked import CALL
from incidents.domain.escalation import Step
from incidents.domain.lifecycle import Status
from incidents.domain.paging import Page
from incidents.models import Assembly, Incident
from incidents.services import timeline
from incidents.services.asking import awaited, came, deeds_of
from incidents.services.escalating import call_step
from incidents.services.paging import by_person, deliveries
from incidents.services.policies import Book, read_book
from incidents.services.timeline import Entry
from notifications import services as outbox
from teams.domain.roles import Action
from teams.models import Team, User
from teams.rotations import Rotation

WORDS = 300  # of why somebody is called in


def call_in(
    incident: Incident,
    whom: User | Team | Rotation,
    *,
    by: User,
    at: datetime,
    words: str = "",
    again: bool = False,
) -> None:
    """A person, a team or whoever is on call is paged by their own rules, whoever has answered.

    Who is here, or has a page to answer, is called only `again`, on purpose.
    """
    with transaction.atomic():
        now = _held(incident, by)
        book = read_book(at=at)
        pages = [page for page in book.pages(now.severity, _step(whom)) if page.user_id]
        if not pages:
            raise Refused(_nobody(whom, book))
        new = pages if again else _unasked(now, pages)
        _page(now, new, whom, book, words.strip()[:WORDS], by=by, at=at)


def call_next_now(incident: Incident, *, by: User, at: datetime, seen: int) -> None:
    """The policy's next step, before its time. `seen` is the round of pages that the person saw."""
    with transaction.atomic():
        now = _held(incident, by)
        if now.status != Status.TRIGGERED:
            raise Refused(_("Somebody has answered: the policy calls nobody any more."))
        if now.page_round != seen:
            raise Refused(_("Others were called meanwhile. Look who, before you call more."))
        if now.plan.next_at(now.escalation_place, called_at=at) is None:
            raise Refused(_("The policy has no further step: call somebody in by name."))
        call_step(now, read_book(at=at), at=at, by=by)


def _held(incident: Incident, by: User) -> Incident:
    now = Incident.objects.select_for_update().get(pk=incident.pk)
    if not now.is_open:
        raise Refused(_("The incident is over: nobody need be called."))
    if not (by.may(Action.COMMAND) or now.commander == by):
        raise Refused(_("Only whoever commands calls others in."))
    return now


def _step(whom: User | Team | Rotation) -> Step:
    match whom:
        case User():
            return Step(people=(whom.pk,))
        case Team():
            return Step(teams=(whom.pk,))
        case Rotation():
            return Step(rotations=(whom.pk,))


def _nobody(whom: User | Team | Rotation, book: Book) -> str:
    name = {"name": whom.name}
    if isinstance(whom, Team):
        return _("Nobody of %(name)s can be paged: nobody is in it, or nobody has an address.") % name  # fmt: skip
    if isinstance(whom, Rotation):
        there = book.directory.on_call([whom.pk])
        if not there:
            return _("Nobody is on call in %(name)s now.") % name
        name = {"name": there[0].name}
    elif not whom.is_active:
        return _("%(name)s is not here any more.") % name
    return _("%(name)s has no address to be paged at.") % name


def _unasked(incident: Incident, pages: Collection[Page]) -> list[Page]:
    deeds = deeds_of(incident)
    waiting, here = awaited(incident, deeds), came(deeds)
    new = [page for page in pages if page.user_id not in waiting and page.user_id not in here]
    if new:
        return new
    names = {page.user_id: page.name for page in pages}
    paged = ", ".join(name for key, name in names.items() if key in waiting)
    if paged:
        raise Refused(_("Paged already, and still to answer: %(names)s.") % {"names": paged})
    raise Refused(_("In the incident already: %(names)s.") % {"names": ", ".join(names.values())})


def _page(
    incident: Incident,
    pages: Collection[Page],
    whom: User | Team | Rotation,
    book: Book,
    words: str,
    *,
    by: User,
    at: datetime,
) -> None:
    made = deliveries(
        incident, pages, book=book, services=list(incident.services.all()), why="called_in", at=at,
        step=f"{CALL}{incident.timeline_length + 1}", caller=by.name,
    )  # fmt: skip
    for page in made:
        page.context |= {"caller": by.name, "words": words}
    for person in {page.user_id for page in pages}:
        # What has not gone out yet would say the same once more.
        outbox.cancel(incident.topic, recipient=person)
    outbox.queue_again(made)
    data: dict[str, Any] = {"people": by_person(pages, at=at), "words": words}
    if not isinstance(whom, User):
        data["whom"] = {"ko": whom.name_ko, "en": whom.name_en}
    timeline.append(incident, Entry("called_in", at, by=by, data=data))
    Assembly.objects.look_again(incident, at=at)

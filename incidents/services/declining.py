"""Somebody who was paged cannot take it: whoever comes next is called at once, not when the wait is over."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain import asked
from incidents.domain.asked import Deeds, Then
from incidents.domain.escalation import Step
from incidents.domain.lifecycle import Status
from incidents.domain.replies import How
from incidents.models import Incident
from incidents.services import timeline
from incidents.services.asking import awaited, declined_since, deeds_of
from incidents.services.escalating import call_step
from incidents.services.moving import AlreadyMoved
from incidents.services.paging import page
from incidents.services.policies import Book, read_book
from incidents.services.timeline import Entry
from notifications import queries as sent
from notifications import receipts
from notifications import services as outbox
from teams.models import User

WORDS: Final = 300  # of why


def decline(
    incident: Incident,
    *,
    by: User,
    at: datetime,
    words: str = "",
    via: str = "",
    how: How = How.LINK,
) -> Then:
    """It acknowledges nothing. Said again, nothing more happens."""
    with transaction.atomic():
        now = Incident.objects.select_for_update().get(pk=incident.pk)
        deeds = deeds_of(now)
        if not _is_asked(now, by, deeds.get(by.pk, Deeds())):
            return Then.WAITS
        way = {"via": via, "how": how.value} if via else {}
        data = {"round": now.page_round, "words": words.strip()[:WORDS]} | way
        timeline.append(now, Entry("declined", at, by=by, data=data))
        outbox.cancel(now.topic, recipient=by.pk)
        if via:
            receipts.answered(now.topic, by.pk, via, at=at)
        return _go_on(now, by, at=at) if now.status == Status.TRIGGERED else Then.WAITS


def _is_asked(incident: Incident, by: User, did: Deeds) -> bool:
    """False when they have said so before. Refused where nothing is asked of them."""
    if not incident.is_open:
        raise AlreadyMoved(incident)
    paged = sent.last_asked(incident.topic, since=incident.clock_since, called=asked.CALL)
    since = {person: at for person, at, _called in paged}.get(by.pk)
    if did.declines and not (since and did.declined_at and did.declined_at < since):
        return False
    if not sent.pages(incident.topic).filter(recipient=by).exists():
        raise Refused(_("You were not paged about it."))
    if incident.answers.filter(user=by).exists():
        raise Refused(_("You have answered it: hand your role over, or call somebody in."))
    if incident.status != Status.TRIGGERED and by.pk not in awaited(incident):
        raise AlreadyMoved(incident)
    return True


def _go_on(incident: Incident, by: User, *, at: datetime) -> Then:
    """Whoever of the step has not spoken yet is waited for, as before."""
    round_ = _last_that_called_people(incident)
    if not sent.pages(incident.topic).filter(step=str(round_), recipient=by).exists():
        return Then.WAITS  # called in by name, or by an earlier step
    said = declined_since(incident, round_)
    said |= set(incident.answers.values_list("user_id", flat=True))
    reached = sent.reached(incident.topic, str(round_))
    if asked.left(reached, said, until=incident.escalate_at):
        return Then.WAITS
    book, decliners = read_book(at=at), _decliners(incident)
    if _call_on(incident, book, decliners, at=at):
        return Then.CALLED
    return _call_the_contact(incident, book, decliners, at=at)


def _last_that_called_people(incident: Incident) -> int:
    """The round; one after it that only posted somewhere asked nobody."""
    called = sent.pages(incident.topic).filter(recipient__isnull=False)
    rounds = called.values_list("step", flat=True).order_by().distinct()
    return max((int(step) for step in rounds if step.isdigit()), default=incident.page_round)


def _decliners(incident: Incident) -> set[int]:
    """Whose last word is that they cannot."""
    return {person for person, did in deeds_of(incident).items() if did.declines}


def _call_on(incident: Incident, book: Book, but: Collection[int], *, at: datetime) -> bool:
    """The policy's next call that reaches anybody else; a channel or webhook before it hears at once, too."""
    plan, services = incident.plan, list(incident.services.all())
    for place in range(incident.escalation_place + 1, plan.calls):
        step = plan.step(place)
        called = book.called(incident.severity, step, services, incident.instead)
        others = any(person.is_active and person.pk not in but for person in called)
        if others or step.posts:
            call_step(incident, book, at=at, place=place, but=but)
        if others:
            return True
    return False


def _call_the_contact(
    incident: Incident, book: Book, but: Collection[int], *, at: datetime
) -> Then:
    """Rather than wait for the time to respond to be over: whoever it would then be sent up to."""
    contacts = book.contact(incident.severity, incident.instead)
    paged = sent.reached(incident.topic, str(incident.page_round))
    if not any(each.is_active and each.pk not in {*but, *paged} for each in contacts):
        return Then.NOBODY
    page(incident, book, why="declined", at=at, step=Step(contact=True), but=but)
    return Then.CALLED

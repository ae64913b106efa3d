"""Answers that come back by the way the page went: a text message, a key on the call."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain import replies
from incidents.domain.asked import CALL, Then
from incidents.domain.lifecycle import Status
from incidents.domain.replies import How
from incidents.models import TOPIC, Incident, StatusName
from incidents.services.asking import awaited
from incidents.services.declining import decline
from incidents.services.moving import AlreadyMoved
from incidents.services.responding import acknowledge
from integrations.models import Heard
from notifications.models import Delivery, State
from teams.domain.roles import Action
from teams.models import User

REMEMBERED: Final = timedelta(days=7)  # as long as the link in a page is valid


def once(key: str, *, at: datetime, act: Callable[[], str]) -> str:
    """One message acts once, however often it is repeated.

    A repeat waits here for the first one and gets the same answer.
    """
    with transaction.atomic():
        Heard.objects.filter(at__lt=at - REMEMBERED).delete()
        heard, is_new = Heard.objects.get_or_create(key=key[:100], defaults={"at": at})
        if is_new:
            heard.answer = act()
            heard.save(update_fields=["answer"])
        return heard.answer


def key_on_call(call: Delivery, key: str, *, at: datetime) -> str:
    """What the caller hears, in the active language; "" is the page once more.

    A key pressed twice, or by two: the second hears what has become of it.
    """
    incident = incident_of(call.topic)
    if incident is None or call.recipient is None or not call.recipient.is_active:
        return _("This call can no longer be answered. Nothing was changed.")
    if key == replies.ACKNOWLEDGE:
        return acknowledged(incident, by=call.recipient, at=at, via="voice", how=How.KEY)
    if key == replies.DECLINE:
        return declined(incident, by=call.recipient, at=at, via="voice", how=How.KEY)
    if call.recipient_id in awaited(incident):
        return ""
    return _too_late(incident, call.recipient)


def acknowledged(incident: Incident, *, by: User, at: datetime, via: str, how: How) -> str:
    """Acknowledge, and say in the active language what has become of it."""
    try:
        acknowledge(incident, by=by, at=at, via=via, how=how)
    except AlreadyMoved as moved:
        return _too_late(moved.incident, by)
    said = {"number": incident.number, "title": incident.heading[:80]}
    if incident.status == Status.TRIGGERED:
        counted = {"count": incident.answers.count(), "needed": incident.plan.answers}
        return _("#%(number)s: your answer counts. %(count)s of %(needed)s have answered.") % (
            said | counted
        )
    if incident.acknowledged_by != by:
        return _("#%(number)s: you have joined. %(title)s") % said
    return _("#%(number)s acknowledged: %(title)s") % said


def declined(
    incident: Incident, *, by: User, at: datetime, via: str, how: How, words: str = ""
) -> str:
    """Note that they cannot, and say in the active language what follows."""
    try:
        then = decline(incident, by=by, at=at, via=via, how=how, words=words)
    except AlreadyMoved as moved:
        return _too_late(moved.incident, by)
    except Refused as refused:
        return str(refused)
    return what_follows(incident, then)


def what_follows(incident: Incident, then: Then) -> str:
    """For whoever cannot take it."""
    said = {"number": incident.number}
    match then:
        case Then.CALLED:
            return _("Noted: you cannot take #%(number)s. Whoever is next is being called.") % said
        case Then.NOBODY:
            return _("Noted: you cannot take #%(number)s. Nobody else is left to call before it is sent up.") % said  # fmt: skip
    return _("Noted: you cannot take #%(number)s. Others are asked, and you are left in peace.") % said  # fmt: skip


def whose(channel: str, address: str) -> User | None:
    """Nobody when two people share the address: we would not know who answered."""
    owners = User.objects.filter(
        is_active=True,
        contacts__channel=channel, contacts__enabled=True, contacts__address=address,
    ).distinct()[:2]  # fmt: skip
    return owners[0] if address and len(owners) == 1 else None


def incident_of(topic: str) -> Incident | None:
    return Incident.objects.filter(pk=number_of(topic)).first()


def may_answer(person: User, incident: Incident) -> bool:
    """Whoever was paged may, whatever their role."""
    paged = Delivery.objects.about(incident.topic).filter(recipient=person)
    return person.may(Action.RESPOND) or paged.exists()


def meant(person: User, number: int | None, *, channel: str) -> Incident | None:
    """The incident of this number, or the one of the newest page by this channel."""
    if number is not None:
        named = Incident.objects.filter(pk=number).first()
        return named if named and may_answer(person, named) else None
    pages = Delivery.objects.filter(recipient=person, topic__startswith=f"{TOPIC}:")
    arrived = pages.filter(channel=channel, state__in=[State.SENT, State.LEASED])
    topics = arrived.order_by("-created_at").values_list("topic", flat=True)[:50]
    order = [number_of(topic) for topic in topics]
    found = Incident.objects.in_bulk(order)
    newest = [found[each] for each in order if each in found]
    called = set(arrived.filter(step__startswith=CALL).values_list("topic", flat=True))
    waiting = [
        each for each in newest
        if each.status == Status.TRIGGERED
        or (each.topic in called and person.pk in awaited(each))
    ]  # fmt: skip
    return next(iter(waiting or newest), None)


def number_of(topic: str) -> int:
    """0, which no incident has, for what is about something else."""
    about, _colon, number = topic.partition(":")
    return int(number) if about == TOPIC and number.isdecimal() else 0


def _too_late(incident: Incident, person: User) -> str:
    first = incident.acknowledged_by
    said = {
        "number": incident.number,
        "status": StatusName(incident.status).label,
        "name": first.name if first else "",
    }
    if first == person:
        return _("You have already answered #%(number)s. It is: %(status)s.") % said
    if first:
        return _("#%(number)s was already answered by %(name)s. It is: %(status)s.") % said
    return _("#%(number)s is already: %(status)s.") % said

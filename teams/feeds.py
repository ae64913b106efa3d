"""On-call calendars (RFC 5545) for calendar programs: the address is the key, and can be changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from teams.models import User
from teams.oncall import Turn, rosters
from teams.rotations import Rotation

BACK, AHEAD = timedelta(weeks=4), timedelta(weeks=26)
HOURLY: Final = timedelta(hours=1)
_signer = signing.Signer(salt="on-call calendar", sep="~")


class Feed(NamedTuple):
    owner: User
    rotation: int | None  # None: the owner's own turns, in all rotations


class Address(NamedTuple):
    name: str
    url: str


def addresses(user: User) -> list[Address]:
    """One's own turns, and every rotation with its team."""
    rows = [Address(_("Your turns"), _address(user, 0))]
    return rows + [Address(row.name, _address(user, row.pk)) for row in Rotation.objects.all()]


def feed_behind(token: str) -> Feed | None:
    """What the address stands for, unless it was tampered with, replaced, or its owner has left."""
    try:
        owner, generation, rotation = map(int, _signer.unsign(token).split("-"))
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=owner, calendar_generation=generation, is_active=True).first()
    return Feed(user, rotation or None) if user else None


def calendar(feed: Feed, *, at: datetime) -> bytes:
    """The same bytes as long as nobody's turn changes: the range moves with the week."""
    monday = (at - timedelta(days=at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    start, end = monday - BACK, monday + AHEAD
    with translation.override(feed.owner.language):
        found = Calendar()
        found.add("prodid", "-//Bongsu//On call//EN")
        found.add("version", "2.0")
        found.add("method", "PUBLISH")
        found.add("x-wr-calname", _("On call"))
        found.add("refresh-interval", HOURLY, parameters={"VALUE": "DURATION"})
        found.add("x-published-ttl", HOURLY)
        for event in _events(feed, start, end):
            found.add_component(event)
        body: bytes = found.to_ical()
    return body


def _events(feed: Feed, start: datetime, end: datetime) -> Iterator[Event]:
    only = [feed.rotation] if feed.rotation else None
    for roster in rosters(start, end, only=only):
        for turn in roster.turns(start, end):
            if feed.rotation or turn.person == feed.owner:
                yield _event(roster.rotation, turn, end)


def _event(rotation: Rotation, turn: Turn, published: datetime) -> Event:
    event = Event()
    # One entry per turn: a calendar program moves it when the turn moves, instead of adding one.
    event.add("uid", f"on-call-{rotation.pk}-{turn.start:%Y%m%dT%H%M%SZ}@{_host()}")
    event.add("dtstamp", published - AHEAD)
    event.add("dtstart", turn.start)
    event.add("dtend", turn.end)
    event.add("summary", f"{rotation.name}: {turn.person.name}")
    event.add("description", _("Stands in.") if turn.stands_in else "")
    event.add("url", f"{settings.BASE_URL}/on-call/")
    event.add("transp", "TRANSPARENT")
    return event


def _host() -> str:
    return urlsplit(settings.BASE_URL).hostname or ""


def _address(user: User, rotation: int) -> str:
    token = _signer.sign(f"{user.pk}-{user.calendar_generation}-{rotation}")
    return f"{settings.BASE_URL}/on-call/calendar/{token}.ics"

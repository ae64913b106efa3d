"""On-call calendars (RFC 5545) for calendar programs: the address is the key, and can be changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from teams.models import Team, User
from teams.oncall import Turn, rosters
from teams.rotations import Rotation

BACK, AHEAD = timedelta(weeks=4), timedelta(weeks=26)
HOURLY: Final = timedelta(hours=1)
TEAM: Final = "team"  # before a number in an address: not a rotation
_signer = signing.Signer(salt="on-call calendar", sep="~")


class Feed(NamedTuple):
    """Of a rotation, of all rotations of a team, or else the owner's own turns in any of them."""

    owner: User
    rotation: int | None = None
    team: int | None = None


class Address(NamedTuple):
    name: str
    url: str

    @property
    def subscribe(self) -> str:
        """What opens the calendar program of a phone or desk."""
        return f"webcal:{self.url.partition(':')[2]}"


def addresses(user: User) -> list[Address]:
    """One's own turns, each team with turns, and each of their rotations."""
    rotations = list(Rotation.objects.select_related("team"))
    teams = {row.team_id: row.team for row in rotations}.values()
    return [
        Address(_("Your turns"), _address(user, "0")),
        *[Address(_whole(team), _address(user, f"{TEAM}{team.pk}")) for team in teams],
        *[Address(row.name, _address(user, f"{row.pk}")) for row in rotations],
    ]


def feed_behind(token: str) -> Feed | None:
    """What the address stands for, unless it was tampered with, replaced, or its owner has left."""
    try:
        owner, generation, what = _signer.unsign(token).split("-")
        number = int(what.removeprefix(TEAM)) or None
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=owner, calendar_generation=generation, is_active=True).first()
    if user is None:
        return None
    return Feed(user, team=number) if what.startswith(TEAM) else Feed(user, rotation=number)


def calendar(feed: Feed, *, at: datetime) -> bytes:
    """The same bytes as long as nobody's turn changes: the range moves with the week."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = day - timedelta(days=day.weekday())
    start, end = monday - BACK, monday + AHEAD
    with translation.override(feed.owner.language):
        found = Calendar()
        found.add("prodid", "-//Bongsu//On call//EN")
        found.add("version", "2.0")
        found.add("method", "PUBLISH")
        found.add("x-wr-calname", _name(feed))
        found.add("refresh-interval", HOURLY, parameters={"VALUE": "DURATION"})
        found.add("x-published-ttl", HOURLY)
        for event in _events(feed, start, end):
            found.add_component(event)
        body: bytes = found.to_ical()
    return body


def _events(feed: Feed, start: datetime, end: datetime) -> Iterator[Event]:
    mine = feed.rotation is None and feed.team is None
    for roster in rosters(start, end, only=_rotations(feed)):
        for turn in roster.turns(start, end):
            if not mine or turn.person == feed.owner:
                yield _event(roster.rotation, turn, end)


def _rotations(feed: Feed) -> list[int] | None:
    if feed.team:
        return list(Rotation.objects.filter(team=feed.team).values_list("pk", flat=True))
    return [feed.rotation] if feed.rotation else None


def _name(feed: Feed) -> str:
    team = Team.objects.filter(pk=feed.team).first() if feed.team else None
    return _whole(team) if team else _("On call")


def _whole(team: Team) -> str:
    return _("%(team)s: all rotations") % {"team": team.name}


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


def _address(user: User, what: str) -> str:
    token = _signer.sign(f"{user.pk}-{user.calendar_generation}-{what}")
    return f"{settings.BASE_URL}/on-call/calendar/{token}.ics"

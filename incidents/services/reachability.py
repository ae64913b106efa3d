"""Whether everyone who would be paged can be: asked of what is configured, before the night does.

Every turn of the next two weeks is looked at, not only whoever is on call now. All is read once,
in a fixed number of queries; whoever is on call at a moment is then computed.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from core.severity import Severity
from incidents.domain.escalation import Step
from incidents.domain.reach import AHEAD, Called, Hole, Kind, Ladder, holes, once, twice
from incidents.models import EscalationPolicy
from incidents.services.policies import Book, read_book
from monitoring.models import Route
from teams.domain.roles import Action
from teams.models import Service, Team, User
from teams.oncall import Roster, changes

Found = Iterator[tuple[datetime, Hole]]


def find_holes(*, at: datetime) -> list[Hole]:
    """The gravest first, each with when it begins."""
    book = read_book(at=at)
    services = list(Service.objects.order_by("slug"))
    unused = list(
        EscalationPolicy.objects.filter(severitypolicy=None, current__isnull=False)
        .select_related("current")
        .order_by("slug")
    )
    ladders = [*_of_severities(book), *_unused(book, unused)]
    routes = list(Route.objects.filter(enabled=True, team__isnull=False))
    _read_all(book, ladders, services, routes)
    rosters = list(book.directory.rosters.values())
    return once(
        [
            *_walked(book, ladders, services, routes, at),
            *_of_rotations(book, rosters, at),
            *_twice(rosters, at),
            *((at, hole) for hole in _unowned(ladders, services)),
            *((at, Hole(Kind.UNUSED, subject=row.pk, policy=row.pk)) for row in unused),
        ]
    )


def _of_severities(book: Book) -> Iterator[Ladder]:
    for severity, row in book.policies.items():
        policy = row.escalation_id or 0
        yield Ladder(row.plan, row.channels, row.respond_within, severity, policy)


def _unused(book: Book, rows: list[EscalationPolicy]) -> Iterator[Ladder]:
    """As the most patient severity would run it, by all channels there are."""
    channels = {channel for row in book.policies.values() for channel in row.channels}
    longest = max((row.respond_within for row in book.policies.values()), default=AHEAD)
    for row in rows:
        if row.current:
            yield Ladder(row.current.read(), channels, longest, policy=row.pk)


def _read_all(
    book: Book, ladders: list[Ladder], services: list[Service], routes: list[Route]
) -> None:
    steps = [step for ladder in ladders for step in ladder.plan.steps]
    owners = {service.owner_id for service in services if service.owner_id}
    routed = {route.team_id for route in routes if route.team_id}
    book.directory.teams(owners.union(routed, *(step.teams for step in steps)))
    book.directory.people({person for step in steps for person in step.people})


def _walked(
    book: Book,
    ladders: list[Ladder],
    services: list[Service],
    routes: list[Route],
    at: datetime,
) -> Found:
    """The same people on call again make no other hole: each set of them is asked about once."""
    seen = set()
    for moment, there in changes(book.directory.rosters.values(), at, at + AHEAD):
        if there in seen:
            continue
        seen.add(there)
        book.directory.at = moment
        for ladder in ladders:
            steps = [_called(book, ladder, step, services) for step in ladder.plan.steps]
            yield from ((moment, hole) for hole in holes(ladder, steps))
        yield from ((moment, hole) for hole in _of_teams(book))
        yield from ((moment, hole) for hole in _of_routes(book, routes))


def _called(book: Book, ladder: Ladder, step: Step, services: list[Service]) -> list[Called]:
    """Each person once; nobody who has left."""
    people = book.called(ladder.severity, step, services)
    once_each = {person.pk: person for person in people if person.is_active}
    return [_one(book, ladder.severity, person) for person in once_each.values()]


def _one(book: Book, severity: str, person: User) -> Called:
    ways = [way for way in person.contacts.all() if way.enabled]
    grave = not severity or Severity(severity).grave
    wished = book.directory.waits.get((person.pk, grave), {})
    return Called(
        person.pk,
        frozenset(way.channel for way in ways),
        person.may(Action.RESPOND),
        proved=frozenset(way.channel for way in ways if way.verified_at),
        wished=frozenset(wished),
    )


def _of_teams(book: Book) -> Iterator[Hole]:
    teams: dict[int, tuple[str, Team]] = {}
    for severity in sorted(book.policies, reverse=True):
        if team := book.team(severity):
            teams[team.pk] = (severity, team)
    for severity, team in teams.values():
        contact = team.escalation
        if contact is None or not contact.is_active:
            yield Hole(Kind.NO_CONTACT, severity, subject=team.pk)
        elif contact in book.directory.team_people(team):
            yield Hole(Kind.OWN_CONTACT, severity, subject=team.pk)


def _of_routes(book: Book, routes: list[Route]) -> Iterator[Hole]:
    for route in routes:
        [team] = book.directory.teams([route.team_id or 0])
        people = [one for one in book.directory.team_people(team) if one.is_active]
        called = [_one(book, "", person) for person in people]
        if not any(one.channels for one in called):
            yield Hole(Kind.ROUTE, subject=route.pk)
        for one in called:
            if not one.channels:
                yield Hole(Kind.NO_WAY, subject=one.person)
            if not one.may_answer:
                yield Hole(Kind.MAY_NOT, subject=one.person)


def _of_rotations(book: Book, rosters: list[Roster], at: datetime) -> Found:
    """Of each by itself: nothing may lead to it today, and something may tomorrow."""
    for roster in rosters:
        key = roster.rotation.pk
        if gaps := roster.gaps(at, at + AHEAD):
            yield gaps[0][0], Hole(Kind.GAP, subject=key, spans=tuple(gaps))
        if any(None in layer.people for layer in roster.rota.layers):
            yield at, Hole(Kind.LEFT, subject=key)
        for turn in roster.turns(at, at + AHEAD):
            one = _one(book, "", turn.person)
            found = Hole(Kind.NO_WAY, subject=turn.person.pk)
            if not one.proved:
                yield (
                    turn.start,
                    found._replace(kind=Kind.UNPROVED if one.channels else Kind.NO_WAY),
                )
            if not one.may_answer:
                yield turn.start, found._replace(kind=Kind.MAY_NOT)


def _twice(rosters: list[Roster], at: datetime) -> Found:
    turns = {
        roster.rotation.pk: [
            (turn.person.pk, (turn.start, turn.end)) for turn in roster.turns(at, at + AHEAD)
        ]
        for roster in rosters
    }
    for mine, theirs in combinations(turns, 2):
        for person, spans in twice(turns[mine], turns[theirs]).items():
            hole = Hole(Kind.TWICE, subject=person, spans=tuple(spans), rotations=(mine, theirs))
            yield spans[0][0], hole


def _unowned(ladders: list[Ladder], services: list[Service]) -> Iterator[Hole]:
    """Only where a severity calls owners: a service without one is then missed."""
    if any(step.owners for ladder in ladders if ladder.severity for step in ladder.plan.steps):
        for service in services:
            if service.owner_id is None:
                yield Hole(Kind.UNOWNED, subject=service.pk)

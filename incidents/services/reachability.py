"""Whether everyone who would be paged can be: asked of what is configured, before the night does."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from core.severity import Severity
from incidents.domain.escalation import Step
from incidents.domain.reach import Called, Hole, Kind, holes
from incidents.services.policies import Book, read_book
from teams.domain.roles import Action
from teams.models import Service, Team, User
from teams.oncall import Roster, rosters

AHEAD: Final = timedelta(days=14)


def find_holes(*, at: datetime) -> list[Hole]:
    """The gravest first; one that several severities share, once, with the gravest of them."""
    book = read_book(at=at)
    found = [*_of_severities(book), *_of_teams(book), *_of_rotations(at), *_of_services(book)]
    once = {(hole.kind, hole.step, hole.subject, hole.severity if hole.step else ""): hole
            for hole in sorted(found, key=lambda hole: hole.severity, reverse=True)}  # fmt: skip
    return sorted(
        once.values(), key=lambda hole: (not hole.grave, hole.severity or "P9", hole.kind)
    )


def _of_severities(book: Book) -> Iterator[Hole]:
    services = list(Service.objects.exclude(owner=None))
    for severity, row in book.policies.items():
        steps = [_called(book, severity, step, services) for step in row.plan.steps]
        yield from holes(
            severity, row.plan, steps, channels=row.channels, respond_within=row.respond_within
        )


def _called(book: Book, severity: str, step: Step, services: Sequence[Service]) -> list[Called]:
    """Each person once; nobody who has left."""
    people = book.called(severity, step, services)
    once = {person.pk: person for person in people if person.is_active}
    return [_one(book, severity, person) for person in once.values()]


def _one(book: Book, severity: str, person: User) -> Called:
    ways = [way for way in person.contacts.all() if way.enabled]
    wished = book.directory.waits.get((person.pk, Severity(severity).grave), {})
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


def _of_rotations(at: datetime) -> Iterator[Hole]:
    for roster in rosters(at, at + AHEAD):
        if roster.gaps(at, at + AHEAD):
            yield Hole(Kind.GAP, subject=roster.rotation.pk)
        if _has_left(roster):
            yield Hole(Kind.LEFT, subject=roster.rotation.pk)


def _has_left(roster: Roster) -> bool:
    return any(None in layer.people for layer in roster.rota.layers)


def _of_services(book: Book) -> Iterator[Hole]:
    """Only where a policy calls owners: a service without one is then missed."""
    if any(step.owners for row in book.policies.values() for step in row.plan.steps):
        for service in Service.objects.filter(owner=None).order_by("slug"):
            yield Hole(Kind.UNOWNED, subject=service.pk)

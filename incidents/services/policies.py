"""The severity rows with the people behind them, read once for a batch of incidents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from core.severity import Severity
from incidents.domain.escalation import Instead, Step
from incidents.domain.paging import NOW, Page, Person, plan
from incidents.models import SeverityPolicy
from incidents.services.directory import Directory
from teams.models import Service, Team, User

QUIET: Final = ("slack", "email")


@dataclass(frozen=True)
class Book:
    """All four severities: who is paged by which channels, and the texts that go with them."""

    policies: dict[str, SeverityPolicy]
    directory: Directory

    def __getitem__(self, severity: str) -> SeverityPolicy:
        return self.policies[severity]

    def pages(
        self,
        severity: str,
        step: Step,
        *,
        services: Iterable[Service] = (),
        also: Iterable[User] = (),
        instead: Instead | None = None,
    ) -> list[Page]:
        """Everyone a step calls, and its machines, by the severity's channels."""
        teams = self._teams(severity, instead) if step.severity_team else []
        people = [*self.called(severity, step, services, instead), *also]
        grave = Severity(severity).grave
        reached = (self._person(person, grave) for person in people if person.is_active)
        found = list(plan(reached, self.policies[severity].channels, grave=grave))
        return [*found, *(page for team in teams for page in _machine(team)), *_posts(step)]

    def own_pages(self, severity: str, user: User) -> list[Page]:
        """How one person is paged while awake."""
        grave = Severity(severity).grave
        awake = replace(self._person(user, grave), quiet=NOW)
        return list(plan([awake], self.policies[severity].channels, grave=grave))

    def _person(self, user: User, grave: bool) -> Person:
        at = self.directory.at
        quiet = user.quiet_until(at)
        return Person(
            user.pk, user.name, user.language, _addresses(user),
            wishes=self.directory.waits.get((user.pk, grave)), quiet=quiet - at if quiet else NOW,
        )  # fmt: skip

    def team(self, severity: str) -> Team | None:
        row = self.policies.get(severity)
        return (
            next(iter(self.directory.teams([row.team_id])), None) if row and row.team_id else None
        )

    def _teams(self, severity: str, instead: Instead | None) -> list[Team]:
        """The severity's own, or the one a route named, or both."""
        routed = self.directory.teams([instead.team]) if instead else []
        own = None if instead and instead.alone and routed else self.team(severity)
        return [*routed, *([own] if own and own not in routed else [])]

    def contact(self, severity: str, instead: Instead | None = None) -> list[User]:
        """Of the teams that are called for it."""
        found = [team.escalation for team in self._teams(severity, instead) if team.escalation]
        # A route's team that has nobody above it falls back on whoever is above the severity's.
        return found or (self.contact(severity) if instead else [])

    def called(
        self,
        severity: str,
        step: Step,
        services: Iterable[Service],
        instead: Instead | None = None,
    ) -> list[User]:
        """The people of a step, some of them perhaps twice."""
        teams = self._teams(severity, instead) if step.severity_team else []
        teams += self.directory.teams([*_owners(step, services, instead), *step.teams])
        return [
            *self.directory.on_call(step.rotations),
            *self.directory.people(step.people),
            *(person for each in teams for person in self.directory.team_people(each)),
            *(self.contact(severity, instead) if step.contact else ()),
        ]


def _owners(step: Step, services: Iterable[Service], instead: Instead | None) -> list[int]:
    if not step.owners:
        return []
    if instead:
        return [instead.team]
    return sorted({service.owner_id for service in services if service.owner_id})


def read_book(*, at: datetime) -> Book:
    rows = list(SeverityPolicy.objects.select_related("escalation__current"))
    directory = Directory(at)
    directory.teams(row.team_id for row in rows if row.team_id)
    return Book({row.severity: row for row in rows}, directory)


def leader(user: User) -> Page | None:
    """How somebody who leads is told quietly: by Slack, or else by email."""
    ways = _addresses(user)
    channel = next((channel for channel in QUIET if channel in ways), None)
    return Page(user.pk, user.name, user.language, channel, ways[channel]) if channel else None


def _addresses(user: User) -> dict[str, str]:
    return {way.channel: way.address for way in user.contacts.all() if way.enabled}


def _machine(team: Team) -> Sequence[Page]:
    """A machine is told of every page, whatever the matrix says about people."""
    if not team.webhook_url:
        return []
    return [Page(None, str(team), "ko", "webhook", team.webhook_url)]


def _posts(step: Step) -> Iterable[Page]:
    language = settings.LANGUAGE_CODE
    for channel in step.slack:
        yield Page(None, "Slack", language, "slack", channel)
    for url in step.webhooks:
        yield Page(None, urlsplit(url).hostname or url, language, "webhook", url)

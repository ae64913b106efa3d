"""The severity rows with the people behind them, read once for a batch of incidents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from incidents.domain.paging import Page, Person, plan
from incidents.models import SeverityPolicy
from teams.models import Team, User
from teams.oncall import rosters_at

QUIET: Final = ("slack", "email")


@dataclass(frozen=True)
class Book:
    """All four severities: who is paged by which channels, and the texts that go with them."""

    policies: dict[str, SeverityPolicy]
    on_call: dict[int, list[User]]  # now, by team

    def __getitem__(self, severity: str) -> SeverityPolicy:
        return self.policies[severity]

    def pages(
        self, severity: str, *, also: Iterable[User] = (), with_escalation: bool = False
    ) -> list[Page]:
        """Everyone the severity's team pages, and its machine, by the severity's channels."""
        policy = self.policies[severity]
        team = policy.team
        people = [*self.people(severity), *also]
        if with_escalation and team and team.escalation:
            people.append(team.escalation)
        found = list(plan(map(_person, people), policy.channels))
        return [*found, *_machine(team)]

    def people(self, severity: str) -> list[User]:
        team = self.policies[severity].team
        if team is None:
            return []
        lead = [team.lead] if team.lead else []
        everyone = [*self.on_call.get(team.pk, ()), *lead, *team.members.all()]
        return [person for person in everyone if person.is_active]


def read_book(*, at: datetime) -> Book:
    rows = SeverityPolicy.objects.select_related("team__lead", "team__escalation")
    people = ("team__members__contacts", "team__lead__contacts", "team__escalation__contacts")
    on_call: dict[int, list[User]] = {}
    for roster in rosters_at(at):
        if person := roster.at(at):
            on_call.setdefault(roster.rotation.team_id, []).append(person)
    return Book({row.severity: row for row in rows.prefetch_related(*people)}, on_call)


def leader(user: User) -> Page | None:
    """How somebody who leads is told quietly: by Slack, or else by email."""
    ways = _person(user).addresses
    channel = next((channel for channel in QUIET if channel in ways), None)
    return Page(user.pk, user.name, user.language, channel, ways[channel]) if channel else None


def _person(user: User) -> Person:
    addresses = {way.channel: way.address for way in user.contacts.all() if way.enabled}
    return Person(user.pk, user.name, user.language, addresses)


def _machine(team: Team | None) -> list[Page]:
    """A machine is told of every page, whatever the matrix says about people."""
    if team is None or not team.webhook_url:
        return []
    return [Page(None, str(team), "ko", "webhook", team.webhook_url)]

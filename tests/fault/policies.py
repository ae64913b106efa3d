"""Severities and escalation policies of the scripted hour, in which a minute takes two and a half seconds.

Nothing of the product's clock is changed: an administrator may set waits as short as these.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from config.seeds.people import PEOPLE, TEAMS, SomeTeam
from config.seeds.severities import SEVERITIES
from incidents.models import EscalationPolicy, SeverityPolicy
from incidents.services.publishing import publish
from teams.models import User

MINUTE: Final = 2.5  # seconds
HOUR: Final = 60 * MINUTE

Way = tuple[str, str]  # a channel, and an address as the sandbox names it


@dataclass(frozen=True)
class Step:
    wait: int  # minutes; in seconds whole ones, as policies are published
    team: bool = False
    contact: bool = False
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """What is set for a severity: who is called, in which order, and when it goes one up."""

    respond_within: int  # minutes
    steps: tuple[Step, ...] = ()  # none: the product's own, the team at once
    repeats: int = 0

    def step(self, place: int) -> Step:
        return self.steps[place % len(self.steps)] if self.steps else Step(0, team=True)

    @property
    def calls(self) -> int:
        return len(self.steps) * (self.repeats + 1)


RULES: Final = {
    "P0": Rules(15, (Step(4, team=True), Step(4, contact=True)), repeats=1),
    "P1": Rules(30, (Step(4, people=("dev1",)), Step(10, team=True), Step(10, contact=True))),
    "P2": Rules(40),
}


def set_up() -> None:
    """In a process of the product."""
    for severity, rules in RULES.items():
        row = SeverityPolicy.objects.get(severity=severity)
        row.respond_within = timedelta(seconds=rules.respond_within * MINUTE)
        row.escalation = _published(severity.lower(), rules) if rules.steps else None
        row.save()


def _published(slug: str, rules: Rules) -> EscalationPolicy:
    policy = EscalationPolicy.objects.create(slug=slug, repeats=rules.repeats)
    for place, step in enumerate(rules.steps):
        row = policy.steps.create(
            place=place,
            wait=timedelta(seconds=step.wait * MINUTE),
            severity_team=step.team,
            contact=step.contact,
        )
        row.people.set(User.objects.filter(username__in=step.people))
    publish(policy, by=None, at=timezone.now())
    return policy


def called(severity: str, place: int) -> set[str]:
    """The people of one call, by the seeds."""
    step, team = RULES[severity].step(place), _team(severity)
    people = {team.lead, *team.members} if step.team else set()
    return people | set(step.people) | ({team.escalation} if step.contact else set())


def contact(severity: str) -> str:
    return _team(severity).escalation


def ways(severity: str, people: set[str], *, machine: bool) -> set[Way]:
    """How they are reached at this severity; P0's team also has a machine."""
    found = set()
    for person in PEOPLE:
        if person.username in people:
            addresses = {"voice": person.phone, "sms": person.phone, "slack": person.slack}
            addresses["email"] = f"{person.username}@company.com"
            found |= {(way, addresses[way]) for way in SEVERITIES[severity]["channels"]}
    return found | ({("webhook", "p0")} if machine and severity == "P0" else set())


def _team(severity: str) -> SomeTeam:
    return next(team for team in TEAMS if team.slug == severity.lower())

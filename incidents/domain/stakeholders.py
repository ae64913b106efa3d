"""Who outside the team is told of an incident, when, and by which channel (M8.1)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Happened(StrEnum):
    OPENED = "opened"  # also: came back
    SEVERITY = "severity"
    IMPACT = "impact"  # customers began to feel it
    UPDATE_DUE = "update_due"
    RESOLVED = "resolved"
    CORRECTED = "corrected"  # no rule waits for it: it is as if it had opened so


class Urgency(StrEnum):
    IMMEDIATE = "immediate"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


AT_ONCE: Final = (Urgency.IMMEDIATE, Urgency.HIGH)
STORM: Final = 3  # so many incidents within the time below are no storm yet
ENOUGH: Final = STORM + 1  # to know of a storm, one of these may be the incident itself
GATHER: Final = timedelta(minutes=5)  # in which a storm of incidents becomes one message
LOUD: Final = ("voice", "sms", "slack", "email", "webhook")
SOON: Final = ("slack", "email", "webhook", "sms", "voice")
CALM: Final = ("email", "slack", "webhook", "sms", "voice")


@dataclass(frozen=True)
class Rule:
    key: int
    group: str
    events: frozenset[str]
    at_least: str = ""  # this severity or graver; "" is any
    services: frozenset[str] = frozenset()  # any of them; empty is any service
    customer_impact: bool = False  # only if customers feel it


@dataclass(frozen=True)
class Happening:
    event: str
    severity: str  # of a change the graver of both: who heard of the worse hears that it is better
    services: frozenset[str] = frozenset()
    customer_impact: bool = False
    told: frozenset[str] = frozenset()  # groups that know of this incident


def called_for(rules: Iterable[Rule], happening: Happening) -> list[Rule]:
    """The rules that apply, at most one for a group: the first of the list."""
    found: dict[str, Rule] = {}
    for rule in rules:
        if _applies(rule, happening):
            found.setdefault(rule.group, rule)
    return list(found.values())


def _applies(rule: Rule, happening: Happening) -> bool:
    # Whoever never heard of it need not hear that it goes on, or that it is over.
    follows = happening.event in {Happened.UPDATE_DUE, Happened.RESOLVED}
    return (
        happening.event in rule.events
        and (not follows or rule.group in happening.told)
        and (not rule.at_least or happening.severity <= rule.at_least)
        and (not rule.services or bool(rule.services & happening.services))
        and (happening.customer_impact or not rule.customer_impact)
    )


def goes_at(urgency: str, *, at: datetime) -> datetime:
    """At once, or with the digest of the next full hour."""
    if urgency in AT_ONCE:
        return at
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """A group was told of an incident by itself, or will be at that time."""

    group: int
    incident: int
    severity: str
    at: datetime


def gathered(this: Told, before: Iterable[Told]) -> datetime:
    """When a message goes that would go at once: a few incidents do, what follows in a storm goes together.

    Where there is one incident only, its news never waits; nor does a graver one behind milder ones.
    """
    others = {
        told.incident: told.at
        for told in sorted(before, key=lambda told: told.at)
        if told.group == this.group and told.incident != this.incident
        and told.severity <= this.severity and told.at + GATHER > this.at
    }  # fmt: skip
    if len(others) < STORM:
        return this.at
    last = max(others.values())
    return last if last > this.at else last + GATHER


def latest(told: Iterable[Told]) -> list[Told]:
    """All that `gathered` can need: of each group and gravity, the last few incidents.

    A storm makes thousands, and each message of it is judged by those before.
    """
    kept: dict[tuple[int, str], dict[int, Told]] = defaultdict(dict)
    for each in sorted(told, key=lambda told: told.at, reverse=True):
        last = kept[each.group, each.severity]
        if len(last) < ENOUGH:
            last.setdefault(each.incident, each)
    return [each for last in kept.values() for each in last.values()]


def channel_for(
    urgency: str, addresses: Mapping[str, str], *, loud: Sequence[str], external: bool
) -> str | None:
    """The one channel somebody is told by; None when they have no address at all.

    Urgent means the loudest the severity allows. Nobody outside is called while anything else
    reaches them: a call is the one message whose repeat after a crash nobody can recognise.
    """
    if urgency == Urgency.IMMEDIATE:
        order = [*loud, *LOUD]
    else:
        order = list(SOON if urgency == Urgency.HIGH else CALM)
    if external:
        order = [channel for channel in order if channel != "voice"] + ["voice"]
    return next((channel for channel in order if channel in addresses), None)


def next_update(told_at: datetime, *, every: timedelta | None) -> datetime | None:
    return told_at + every if every else None

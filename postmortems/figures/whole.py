"""All figures of a time with the names of what they speak of: what every door shows, read once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from incidents.domain.serving import Outage
from incidents.models import Incident
from incidents.registry import Opinion, ledgers, opinions
from postmortems.domain.figures import estimates
from postmortems.domain.figures.cases import FOUND, Cases, Window
from postmortems.domain.figures.changes import Change, of_means
from postmortems.domain.figures.estimates import Figure
from postmortems.domain.figures.load import Load
from postmortems.domain.figures.reckoning import Reckoned, reckon
from postmortems.domain.figures.serving import Kept, kept
from postmortems.domain.figures.spells import spells
from postmortems.figures.reading import (
    actions_on_time,
    days_before,
    last_days,
    page_loads,
    touching,
)
from postmortems.models import RootCause
from teams.models import Service, Team, User

CAUSES: Final = 10
COMMENTS: Final = 10


@dataclass(frozen=True)
class ServiceKept:
    service: Service
    kept: Kept


@dataclass(frozen=True)
class Person:
    user: User
    pages: Figure
    nights: Figure


@dataclass(frozen=True)
class Part:
    """One of the ways incidents are told apart by; `key` is what an address asks for it with."""

    key: str
    name: str
    incidents: Figure


@dataclass(frozen=True)
class Whole:
    window: Window
    cases: Cases
    reckoned: Reckoned
    services: Sequence[ServiceKept]
    people: Sequence[Person]
    said: Sequence[Opinion]  # by customers, the newest first
    actions: tuple[int, int]  # done in time, of those that were due
    parts: Mapping[str, Sequence[Part]]
    triggers: Sequence[Part]  # the alerts that open them, the most frequent first
    catalogue: Mapping[int, Service]
    teams: Mapping[int, str]

    @property
    def satisfaction(self) -> Figure:
        return estimates.mean([one.score for one in self.said], "of 5")

    @property
    def comments(self) -> Sequence[Opinion]:
        return [one for one in self.said if one.comment][:COMMENTS]

    @property
    def actions_on_time(self) -> Figure:
        return estimates.share(*self.actions)


def satisfied(now: Sequence[Opinion], before: Sequence[Opinion]) -> Change:
    return of_means([one.score for one in now], [one.score for one in before], "of 5")


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def last(days: int, *, at: datetime, service: Service | None = None) -> Whole:
    return whole(last_days(days, at=at, zone=zone()), at=at, service=service)


def before(window: Window, days: int, *, at: datetime, service: Service | None = None) -> Whole:
    return whole(days_before(window, days, zone()), at=at, service=service)


def whole(window: Window, *, at: datetime, service: Service | None = None) -> Whole:
    catalogue = {each.pk: each for each in Service.objects.all()}
    owners = {key: each.owner_id for key, each in catalogue.items()}
    found = touching(window, owners, service=service)
    reckoned = reckon(found, window, at=at, zone=zone())
    numbers = set(found.number.tolist()) if service else None
    ours = found.within(window)
    teams = Team.objects.in_bulk([key for key in reckoned.by_team if key])
    return Whole(
        window,
        found,
        reckoned,
        _services([service] if service else list(catalogue.values()), found, window, at=at),
        _people(page_loads(window, numbers)),
        opinions_of(window, numbers),
        actions_on_time(window, zone(), service=service),
        _parts(ours, reckoned, catalogue, teams),
        _triggers(ours, reckoned),
        catalogue,
        {key: each.slug for key, each in teams.items()},
    )


def _services(
    catalogue: Sequence[Service], found: Cases, window: Window, *, at: datetime
) -> list[ServiceKept]:
    """The status page's own figure, where it shows the service; else what its incidents were."""
    keys, end = [each.pk for each in catalogue], min(window.until, at)
    served = {
        key: one
        for name in ledgers
        for key, one in ledgers[name]
        .served(keys, lambda service: _outages(found, service, at=end), window.since, end)
        .items()
    }
    return [
        ServiceKept(each, kept(served.get(each.pk), target=float(each.availability_target)))
        for each in catalogue
    ]


def _outages(found: Cases, service: int, *, at: datetime) -> list[Outage]:
    """What overlaps and is as grave is one."""
    its = found.where(found.are_of(service))
    return [
        Outage(severity, since.replace(tzinfo=UTC), until.replace(tzinfo=UTC))
        for severity in set(its.severity)
        for since, until in spells(its.where(its.severity == severity), at=at)
    ]


def opinions_of(window: Window, numbers: Collection[int] | None) -> list[Opinion]:
    return [
        one for name in opinions for one in opinions[name].said(window.since, window.until, numbers)
    ]


def _people(found: Sequence[Load]) -> list[Person]:
    users = User.objects.in_bulk([one.person for one in found])
    return [
        Person(
            users[one.person],
            estimates.count(one.pages, "pages"),
            estimates.count(one.nights, "nights"),
        )
        for one in found
    ]


def _parts(
    found: Cases, reckoned: Reckoned, services: Mapping[int, Service], teams: Mapping[int, Team]
) -> dict[str, list[Part]]:
    causes = dict(list(reckoned.by_cause.items())[:CAUSES])
    named = {f"{FOUND}{key}": str(name) for key, name in RootCause.choices}
    named |= _titles(causes.keys() - named.keys(), found)
    hours = {hour: reckoned.by_hour.get(hour, 0) for hour in range(24)}
    return {
        "severity": [_part(key, key, n) for key, n in sorted(reckoned.by_severity.items())],
        "cause": [_part(key, named[key], n) for key, n in causes.items()],
        "service": [
            _part(services[key].slug, services[key].name, n)
            for key, n in reckoned.by_service.items()
        ],
        "team": [
            _part(teams[key].slug, teams[key].name, n) if key else _part("", "", n)
            for key, n in reckoned.by_team.items()
        ],
        "hour": [_part(str(hour), f"{hour:02}:00", n) for hour, n in hours.items()],
    }


def _triggers(found: Cases, reckoned: Reckoned) -> list[Part]:
    often = dict(list(reckoned.by_trigger.items())[:CAUSES])
    titles = _titles(often.keys(), found)
    return [_part(key, titles[key], n) for key, n in often.items()]


def _part(key: str, name: str, found: int) -> Part:
    return Part(key, name, estimates.count(found, "incidents"))


def _titles(causes: Collection[str], found: Cases) -> dict[str, str]:
    """What the newest incident of each is called."""
    newest = dict(zip(found.cause, found.number.tolist(), strict=True))
    rows = Incident.objects.in_bulk([newest[cause] for cause in causes])
    return {cause: rows[newest[cause]].heading for cause in causes}

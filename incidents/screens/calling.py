"""Whom one can call into an incident: whoever is on call, teams, people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.services.asking import awaited, came, deeds_of
from teams.models import Team, User
from teams.oncall import rosters_at

SHOWN: Final = 40


@dataclass(frozen=True)
class Choice:
    key: str  # "person:3", as the form takes it
    name: str
    detail: str
    since: datetime | None = None  # paged, and still to answer
    here: bool = False

    @property
    def again(self) -> bool:
        return self.here or self.since is not None


@dataclass(frozen=True)
class Group:
    name: str
    choices: list[Choice]


def choices(incident: Incident, q: str, *, at: datetime) -> list[Group]:
    """Those whose name has this part; in a fixed number of queries."""
    deeds = deeds_of(incident)
    waiting, here = awaited(incident, deeds), came(deeds)
    found = [
        Group(_("On call now"), list(_rotations(q, waiting, here, at))),
        Group(_("Teams"), list(_teams(q))),
        Group(_("People"), list(_people(q, waiting, here))),
    ]
    return [group for group in found if group.choices]


def _rotations(
    q: str, waiting: Mapping[int, datetime], here: Mapping[int, datetime], at: datetime
) -> Iterable[Choice]:
    for roster in rosters_at(at):
        person, row = roster.at(at), roster.rotation
        names = [row.name_ko, row.name_en, person.name if person else ""]
        if person and any(q.casefold() in name.casefold() for name in names):
            key, since = f"rotation:{row.pk}", waiting.get(person.pk)
            yield Choice(key, person.name, row.name, since, person.pk in here)


def _teams(q: str) -> Iterable[Choice]:
    named = Q(name_ko__icontains=q) | Q(name_en__icontains=q)
    for team in Team.objects.filter(named).select_related("lead")[:SHOWN]:
        yield Choice(f"team:{team.pk}", team.name, team.lead.name if team.lead else "")


def _people(
    q: str, waiting: Mapping[int, datetime], here: Mapping[int, datetime]
) -> Iterable[Choice]:
    named = Q(display_name__icontains=q) | Q(username__icontains=q)
    for user in User.objects.responders().filter(named)[:SHOWN]:
        key, since = f"person:{user.pk}", waiting.get(user.pk)
        yield Choice(key, user.name, user.title, since, user.pk in here)

"""The people behind teams, rotations and ids: read when first asked for, and kept for a batch."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property

from teams.models import Team, User
from teams.oncall import Roster, rosters_at
from teams.rules import NotificationRule

CONTACTS = ("lead__contacts", "members__contacts", "escalation__contacts")


class Directory:
    def __init__(self, at: datetime) -> None:
        self.at = at
        self._teams: dict[int, Team] = {}
        self._people: dict[int, User] = {}

    @cached_property
    def rosters(self) -> dict[int, Roster]:
        return {roster.rotation.pk: roster for roster in rosters_at(self.at)}

    @cached_property
    def waits(self) -> Mapping[tuple[int, bool], dict[str, timedelta]]:
        """What people wish, by person and whether it is grave."""
        return NotificationRule.objects.waits()

    def teams(self, keys: Iterable[int]) -> list[Team]:
        wanted = list(keys)
        if missing := [key for key in wanted if key not in self._teams]:
            rows = Team.objects.select_related("lead", "escalation").prefetch_related(*CONTACTS)
            self._teams |= rows.in_bulk(missing)
        return [self._teams[key] for key in wanted if key in self._teams]

    def team_people(self, team: Team) -> list[User]:
        """Whoever is on call, the lead, and the members."""
        lead = [team.lead] if team.lead else []
        on_call = self.on_call(
            pk for pk, roster in self.rosters.items() if roster.rotation.team_id == team.pk
        )
        return [*on_call, *lead, *team.members.all()]

    def on_call(self, rotations: Iterable[int]) -> list[User]:
        found = (self.rosters[key].at(self.at) for key in rotations if key in self.rosters)
        return [person for person in found if person]

    def people(self, keys: Iterable[int]) -> list[User]:
        wanted = list(keys)
        if missing := [key for key in wanted if key not in self._people]:
            self._people |= User.objects.prefetch_related("contacts").in_bulk(missing)
        return [self._people[key] for key in wanted if key in self._people]

"""Whoever looks at a room, as far as that changes what it shows: not their name, but their standing."""

from collections.abc import Mapping
from dataclasses import dataclass

from incidents.domain.roles import Role
from incidents.models import Incident
from incidents.registry import sections
from incidents.services.asking import Answers, came
from teams.domain.roles import Action, may
from teams.models import User


@dataclass(frozen=True)
class Viewer:
    """Two of the same standing see the same room, so it is written for one and shown to both."""

    rank: str
    seats: frozenset[Role] = frozenset()  # of this incident
    here: bool = False
    asked: bool = False  # to answer or to come, and has said nothing yet
    pk: int | None = None  # of those alone who are concerned by what an upper layer shows

    def may(self, action: Action) -> bool:
        return may(self.rank, action)

    @property
    def commands(self) -> bool:
        return self.may(Action.COMMAND) or Role.COMMANDER in self.seats


@dataclass(frozen=True)
class Standing:
    """Everybody's in one incident, at one version of it."""

    seats: Mapping[int, frozenset[Role]]
    here: frozenset[int]
    asked: frozenset[int]
    concerned: frozenset[int]

    @classmethod
    def of(cls, incident: Incident, answers: Answers) -> "Standing":
        seats: dict[int, set[Role]] = {}
        for held in incident.roles_now:
            seats.setdefault(held.user_id, set()).add(Role(held.role))
        return cls(
            {person: frozenset(roles) for person, roles in seats.items()},
            frozenset(came(answers.deeds)),
            frozenset(answers.waiting),
            frozenset(person for name in sections for person in sections[name].concerned(incident)),
        )

    def viewer(self, user: User) -> Viewer:
        return Viewer(
            user.role,
            self.seats.get(user.pk, frozenset()),
            user.pk in self.here,
            user.pk in self.asked,
            user.pk if user.pk in self.concerned else None,
        )

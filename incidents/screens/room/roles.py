from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from incidents.domain.attendance import Attendance
from incidents.domain.roles import Role
from incidents.models import Incident, RoleHeld, RoleName, SeverityPolicy
from incidents.screens.room.viewer import Viewer
from teams.domain.roles import Action
from teams.models import User

AT_HAND: Final = 8  # one tap each; whoever else there is, is searched


@dataclass(frozen=True)
class Near:
    """Somebody who is in the incident already, or was told of it."""

    person: int
    name: str
    here: bool


@dataclass(frozen=True)
class Seat:
    role: Role
    name: str
    holders: list[RoleHeld]
    required: bool
    mine: bool
    can_take: bool
    can_give: bool
    near: Sequence[Near]
    url: str

    @property
    def shown(self) -> bool:
        """The others are folded away."""
        return self.required or bool(self.holders) or self.role is Role.COMMANDER

    @property
    def missing(self) -> bool:
        return self.required and not self.holders

    @property
    def relieves(self) -> bool:
        return bool(self.holders) and not self.role.held_by_many

    @property
    def held_by(self) -> set[int]:
        return {held.user_id for held in self.holders}

    @property
    def give_url(self) -> str:
        """With whom the reader saw: who took the role meanwhile is not relieved unawares."""
        return f"{self.url}?seen={','.join(str(held.user_id) for held in self.holders)}"


def near(incident: Incident, attended: Attendance) -> list[Near]:
    """In an order that stays while more people come, so that no name moves from under a thumb."""
    told = {each.person: each.told_at for each in attended.members}
    here = {each.person for each in attended.members if each.joined_at} | attended.uninvited
    holders = {held.user_id for held in incident.roles_now}
    names = {
        user.pk: user.name
        for user in User.objects.responders().filter(pk__in=here | holders | told.keys())
    }
    order = [*sorted(told, key=lambda person: (told[person], person)), *sorted(attended.uninvited)]
    order += sorted(holders - told.keys() - attended.uninvited)
    found = [Near(each, names[each], each in here) for each in order if each in names]
    kept = {
        each.person for each in [*_first(found, holders), *_first(found, here), *found][:AT_HAND]
    }
    return [each for each in found if each.person in kept]


def _first(found: Sequence[Near], whom: set[int]) -> list[Near]:
    return [each for each in found if each.person in whom]


def seats(
    incident: Incident, policy: SeverityPolicy | None, viewer: Viewer, near: Sequence[Near] = ()
) -> list[Seat]:
    """Every role: who has it, whether the severity asks for it, what this person may do about it."""
    required = policy.required_roles if policy and incident.is_open else []
    acts = incident.is_open and viewer.may(Action.RESPOND)
    return [
        _seat(incident, role, viewer, required=role in required, acts=acts, near=near)
        for role in Role
    ]


def roles_of(incident: Incident) -> dict[int, str]:
    """By person, for those who were paged."""
    found: dict[int, list[str]] = {}
    for held in incident.roles_now:
        found.setdefault(held.user_id, []).append(str(RoleName(held.role).label))
    return {person: " · ".join(names) for person, names in found.items()}


def _seat(
    incident: Incident,
    role: Role,
    viewer: Viewer,
    *,
    required: bool,
    acts: bool,
    near: Sequence[Near],
) -> Seat:
    holders = [held for held in incident.roles_now if held.role == role]
    mine = role in viewer.seats
    gives = acts and (viewer.commands or mine)
    return Seat(
        role=role,
        name=str(RoleName(role).label),
        holders=holders,
        required=required,
        mine=mine,
        can_take=acts and not mine,
        can_give=gives,
        near=near if gives else (),
        url=reverse("incidents:role", args=[incident.number, role]),
    )

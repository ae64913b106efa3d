from dataclasses import dataclass

from django.urls import reverse

from incidents.domain.roles import Role
from incidents.models import Incident, RoleHeld, RoleName, SeverityPolicy
from teams.domain.roles import Action
from teams.models import User


@dataclass(frozen=True)
class Seat:
    role: Role
    name: str
    holders: list[RoleHeld]
    required: bool
    mine: bool
    can_take: bool
    can_give: bool
    url: str

    @property
    def shown(self) -> bool:
        """The others are folded away."""
        return self.required or bool(self.holders) or self.role is Role.COMMANDER

    @property
    def missing(self) -> bool:
        return self.required and not self.holders

    @property
    def seen(self) -> str:
        return ",".join(str(held.user_id) for held in self.holders)


def seats(incident: Incident, policy: SeverityPolicy | None, user: User) -> list[Seat]:
    """Every role: who has it, whether the severity asks for it, what this person may do about it."""
    required = policy.required_roles if policy else []
    acts = incident.is_open and user.may(Action.RESPOND)
    commands = user.may(Action.COMMAND) or incident.commander == user
    return [
        _seat(incident, role, user, required=role in required, acts=acts, commands=commands)
        for role in Role
    ]


def roles_of(incident: Incident) -> dict[int, str]:
    """By person, for those who were paged."""
    found: dict[int, list[str]] = {}
    for held in incident.roles_now:
        found.setdefault(held.user_id, []).append(str(RoleName(held.role).label))
    return {person: " · ".join(names) for person, names in found.items()}


def _seat(
    incident: Incident, role: Role, user: User, *, required: bool, acts: bool, commands: bool
) -> Seat:
    holders = [held for held in incident.roles_now if held.role == role]
    mine = any(held.user_id == user.pk for held in holders)
    return Seat(
        role=role,
        name=str(RoleName(role).label),
        holders=holders,
        required=required,
        mine=mine,
        can_take=acts and not mine and (role.held_by_many or not holders),
        can_give=acts and (commands or mine or (bool(holders) and not role.held_by_many)),
        url=reverse("incidents:role", args=[incident.number, role]),
    )

"""Who may do what. Deny by default: an action not listed is nobody's."""

from enum import StrEnum


class Role(StrEnum):
    VIEWER = "viewer"
    RESPONDER = "responder"
    COMMANDER = "commander"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    READ = "read"  # incidents, alerts, timelines, postmortems
    RESPOND = "respond"  # declare, acknowledge, mitigate, note
    COMMAND = "command"  # resolve, reopen, change severity
    REVIEW = "review"  # write the postmortem
    SIGN = "sign"  # for the company, what others have answered
    ADMINISTER = "administer"  # the console


_EVERYONE = frozenset(Role)
_RESPONDERS = _EVERYONE - {Role.VIEWER}

MAY: dict[Action, frozenset[Role]] = {
    Action.READ: _EVERYONE,
    Action.RESPOND: _RESPONDERS,
    Action.COMMAND: frozenset({Role.COMMANDER, Role.MANAGER, Role.ADMINISTRATOR}),
    Action.REVIEW: frozenset({Role.COMMANDER, Role.MANAGER, Role.ADMINISTRATOR}),
    Action.SIGN: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    Action.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}


def may(role: str, action: Action) -> bool:
    return role in MAY.get(action, frozenset())

"""Who does what in an incident."""

from collections.abc import Collection, Iterable
from enum import StrEnum


class Role(StrEnum):
    COMMANDER = "commander"
    DEPUTY = "deputy"
    SCRIBE = "scribe"
    COMMUNICATIONS = "communications"
    EXPERT = "expert"

    @property
    def held_by_many(self) -> bool:
        return self is Role.EXPERT


def may_give(*, to_self: bool, holds_it: bool, commands: bool) -> bool:
    """Whoever responds takes a role; for somebody else, one commands, or hands over one's own."""
    return to_self or holds_it or commands


def missing(required: Iterable[str], held: Collection[str]) -> list[Role]:
    """Required and nobody's, in the order of the roles."""
    wanted = set(required) - set(held)
    return [role for role in Role if role in wanted]

"""How many members of a pool have to serve, and whether one may be taken out of it."""

from collections.abc import Mapping
from typing import Protocol


class Serves(Protocol):
    @property
    def serving(self) -> bool: ...

    @property
    def wanted(self) -> bool: ...


def left(members: Mapping[str, Serves], name: str) -> int:
    """How many serve without this one."""
    return sum(member.serving for other, member in members.items() if other != name)


def may_go(members: Mapping[str, Serves], name: str, *, floor: int) -> bool:
    """One that does not serve takes nothing away."""
    return not members[name].serving or left(members, name) >= floor


def missed(members: Mapping[str, Serves], name: str, *, floor: int) -> list[str]:
    """The others that are in the pool and do not serve, where with them it might go; none where it might not even then."""
    there = [other for other, member in members.items() if other != name and member.wanted]
    if len(there) < floor:
        return []
    return [other for other in there if not members[other].serving]

"""A load balancer that members of a pool are taken out of and put back into: one contract, whoever speaks it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.told import Told

READY: Final = "ready"  # it gets new connections, while the balancer's own check finds it healthy
DRAIN: Final = "drain"  # none but those it has already
MAINT: Final = "maint"  # out of the pool, and not checked
STATES: Final = (READY, DRAIN, MAINT)
NAME: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}"
)  # nothing that could begin another command
PATIENCE: Final = 5.0  # seconds a question


class Fault(Exception):
    """`permanent`: it was understood and refused, and would be refused again."""

    def __init__(self, text: str | Told, *, permanent: bool = False) -> None:
        super().__init__(text)
        self.permanent = permanent


@dataclass(frozen=True)
class Member:
    name: str
    state: str
    up: bool  # as the balancer's own check finds it
    sessions: int
    spare: bool = False  # a backup, or without weight: it gets nothing as long as others do

    @property
    def wanted(self) -> bool:
        """It would serve, if it were up."""
        return self.state == READY and not self.spare

    @property
    def serving(self) -> bool:
        return self.wanted and self.up


class Balancer(ABC):
    """Every question ends within `PATIENCE`, and every answer has a longest size. All methods raise Fault."""

    @abstractmethod
    def members(self, names: Sequence[str]) -> Mapping[str, Member]:
        """How these are now; those that it does not know are left out."""

    @abstractmethod
    def put(self, name: str, state: str) -> None:
        """Into this state; twice is as good as once."""

    @abstractmethod
    def told(self, name: str, state: str) -> str:
        """Exactly what `put` sends."""


def plain(name: str) -> str:
    """The name, if it can only be a name. Raises Fault."""
    if not NAME.fullmatch(name):
        raise Fault(f"{name[:80]!r} is no name of a member or backend", permanent=True)
    return name


def known(state: str) -> str:
    if state not in STATES:
        raise Fault(f"{state[:80]!r}: one of {', '.join(STATES)}", permanent=True)
    return state

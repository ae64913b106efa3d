"""What upper layers add to an incident's screens without being imported."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from core.registry import Registry
from incidents.models import Incident
from teams.models import User


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    pdf_url: str = ""


class Aftermath(ABC):
    """What follows a resolved incident, such as its postmortem."""

    @abstractmethod
    def labels(self, numbers: Iterable[int]) -> dict[int, str]:
        """A word on each incident's progress, for the list: one query for all."""

    @abstractmethod
    def links(self, numbers: Iterable[int], user: User) -> dict[int, Link]:
        """Where this person finds those that there are: one query for all."""

    @abstractmethod
    def link(self, incident: Incident, user: User) -> Link | None:
        """Where this person finds it, for the room."""


aftermath: Registry[Aftermath] = Registry("postmortems")

"""What upper layers add to an incident's screens without being imported."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from core.registry import Registry
from incidents.domain.serving import Outage, Served
from incidents.models import Incident
from teams.domain.roles import Action
from teams.models import User


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    pdf_url: str = ""


class Reader(Protocol):
    """Whoever looks at a room; it is written once for all who may do the same there."""

    @property
    def pk(self) -> int | None:
        """Who it is, if some part says that this matters to it (`Section.concerned`)."""

    def may(self, action: Action) -> bool: ...


class Aftermath(ABC):
    """What follows a resolved incident, such as its postmortem."""

    @abstractmethod
    def labels(self, numbers: Iterable[int]) -> dict[int, str]:
        """A word on each incident's progress, for the list: one query for all."""

    @abstractmethod
    def links(self, numbers: Iterable[int], user: User) -> dict[int, Link]:
        """Where this person finds those that there are: one query for all."""

    @abstractmethod
    def link(self, incident: Incident, reader: Reader) -> Link | None:
        """Where somebody who may so much finds it, for the room."""


aftermath: Registry[Aftermath] = Registry("postmortems")


@dataclass(frozen=True)
class Part:
    """A piece of the room, drawn by its own template."""

    template: str
    context: Mapping[str, Any]
    urgent: bool = False  # somebody is waited for: it stands where everybody looks first


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person's decision."""

    what: str
    since: datetime
    url: str


class Hearer(ABC):
    """Others whom we text, besides those who are paged: what they write back is theirs to hear first."""

    @abstractmethod
    def hear(self, sender: str, text: str, *, at: datetime) -> str:
        """What the sender is told; nothing, if it was not meant for them."""


hearers: Registry[Hearer] = Registry("those who hear texts")


class Section(ABC):
    """What an upper layer shows of an incident in its room, and in the hand-over."""

    @abstractmethod
    def concerned(self, incident: Incident) -> Iterable[int]:
        """The people to whom it shows something else than to others of their rank: one query."""

    @abstractmethod
    def parts(self, incident: Incident, reader: Reader, *, at: datetime) -> list[Part]:
        """In a fixed number of queries. What changes them is also an event, by which the room knows."""

    @abstractmethod
    def waiting(self, incident: Incident, *, at: datetime) -> list[Waiting]:
        """In a fixed number of queries, too."""


sections: Registry[Section] = Registry("sections of the room")


class Ledger(ABC):
    """The record of how services were there over time: availability is reckoned from it, and nowhere else."""

    @abstractmethod
    def served(
        self,
        services: Collection[int],
        outages_of: Callable[[int], Sequence[Outage]],
        since: datetime,
        until: datetime,
    ) -> dict[int, Served]:
        """By service. Its outages are asked for, and count, where nothing better is recorded.

        In a fixed number of queries.
        """  # fmt: skip


ledgers: Registry[Ledger] = Registry("records of what was there")


class Opinion(NamedTuple):
    score: int  # from 1 to 5
    comment: str
    number: int | None  # of the incident


class Opinions(ABC):
    """What customers said of how incidents were handled."""

    @abstractmethod
    def said(
        self, since: datetime, until: datetime, numbers: Collection[int] | None
    ) -> list[Opinion]:
        """In that time, the newest first: of these incidents, or of all. One query."""


opinions: Registry[Opinions] = Registry("what customers say")


class Summary(ABC):
    """A line of figures under the list of incidents."""

    @abstractmethod
    def told(self, *, at: datetime) -> list[tuple[str, str]]:
        """Labels with values: two queries at most."""


summaries: Registry[Summary] = Registry("figures under the list")


class Public(ABC):
    """Where customers read of an incident, such as a status page."""

    @abstractmethod
    def waits(self, incident: Incident) -> bool:
        """Whether they were told that it is over, and may be told how it came about."""

    @abstractmethod
    def tell(
        self, incident: Incident, korean: str, english: str, *, by: User | None, at: datetime
    ) -> None:
        """Raises `Refused` where that cannot follow what they were told last."""


publics: Registry[Public] = Registry("places where customers read")


@dataclass(frozen=True)
class Spent:
    energy: int
    sun: int


class Toll(ABC):
    """What an incident cost on the chain."""

    @abstractmethod
    def spent(self, incident: Incident) -> Spent | None:
        """None where nothing was bought: that is not known to be nothing."""


tolls: Registry[Toll] = Registry("what incidents cost")


class Followup(ABC):
    """Where what an incident taught becomes work that somebody owns."""

    @abstractmethod
    def add(self, incident: Incident, text: str, *, by: User, due: date, at: datetime) -> str:
        """The address where it is followed up. `by` owns it until somebody else does. Raises `Refused`."""


followups: Registry[Followup] = Registry("what is followed up")

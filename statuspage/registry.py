"""What is added one file each: the documents of the public tree, and the ways to reach subscribers."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from core.registry import Registry
from statuspage.domain.snapshot import Snapshot

if TYPE_CHECKING:
    from statuspage.models import Mailing, Page, Subscriber


class Document(ABC):
    @abstractmethod
    def files(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        """Each (path below the tree, content), from nothing but the snapshot: no tables, no clock."""


class Fault(StrEnum):
    """Why something was not taken, and so what becomes of the subscriber."""

    PASSING = "passing"  # nobody's there to take it, or somebody between us: later
    THEIRS = "theirs"  # the endpoint failed: later, and in the end never
    DEAD = "dead"  # nothing can be sent there
    GONE = "gone"  # they want no more


class Untaken(Exception):
    def __init__(self, words: str, fault: Fault = Fault.PASSING) -> None:
        super().__init__(words)
        self.fault = fault


class Reach(ABC):
    """A way to reach a subscriber, called one by one. Mails are none: they are spliced, and go over lines (`posting`).

    Each walker has one of its own: what it remembers is of this walk.
    """

    callers: ClassVar = 4
    patient: ClassVar = 2  # for those that failed before

    @abstractmethod
    def tell(self, page: "Page", mailing: "Mailing", one: "Subscriber", *, again: bool) -> None:
        """Raises `Untaken`. `again`: somebody may have told them before, and left no word."""

    def write(self, page: "Page", one: "Subscriber", token: str) -> None:
        """The letter of `one.letter`, where it does not go by mail. In their language; raises `Untaken`."""
        raise NotImplementedError


documents: Registry[Document] = Registry("statuspage.documents")
ways: Registry[Reach] = Registry("statuspage.ways")

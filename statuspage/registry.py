"""What the public tree is made of: one file a kind of document."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from core.registry import Registry
from statuspage.domain.snapshot import Snapshot


class Document(ABC):
    @abstractmethod
    def files(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        """Each (path below the tree, content), from nothing but the snapshot: no tables, no clock."""


documents: Registry[Document] = Registry("statuspage.documents")

"""How well a drill went: what was measured, each against its target."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Mark:
    name: str
    target: float  # seconds
    took: float | None  # None: it never came about, which is no success

    @property
    def met(self) -> bool:
        return self.took is not None and self.took <= self.target

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def read(rows: Iterable[Mapping[str, Any]]) -> list[Mark]:
    return [Mark(one["name"], one["target"], one["took"]) for one in rows]


def score(marks: Iterable[Mark]) -> tuple[int, int]:
    """So many of so many."""
    found = list(marks)
    return sum(one.met for one in found), len(found)

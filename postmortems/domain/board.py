"""The board of action items: by who owns them, what is late first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.due import When, when


@dataclass(frozen=True)
class Item:
    key: int
    owner: str  # the team that answers for it, or whoever has none
    due: date


@dataclass(frozen=True)
class Column:
    owner: str
    items: tuple[Item, ...]
    late: int


def board(items: Iterable[Item], *, today: date) -> list[Column]:
    """Who has most that is late stands first, and what is due first stands first of theirs."""
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        found[item.owner].append(item)
    columns = [
        Column(owner, tuple(sorted(of, key=lambda one: (one.due, one.key))), _late(of, today))
        for owner, of in found.items()
    ]
    return sorted(columns, key=lambda one: (-one.late, one.owner))


def _late(items: Iterable[Item], today: date) -> int:
    return sum(when(one.due, today=today) == When.LATE for one in items)

"""The board of action items: by who owns them, what is late first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

SOON: Final = timedelta(days=3)  # that somebody is reminded before it is due
MORNING: Final = 9  # the hour from which people are reminded, where the company is


class When(StrEnum):
    LATE = "late"
    SOON = "soon"
    LATER = "later"


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


def when(due: date, *, today: date) -> When:
    """On the day itself there is still time."""
    if due < today:
        return When.LATE
    return When.SOON if due - today <= SOON else When.LATER


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


@dataclass(frozen=True)
class Reminder:
    """What is to be said now, and what is then said for good."""

    word: str  # "before" or "after"; "" for nothing
    told_before: bool
    told_after: bool


def reminder(due: date, *, today: date, told_before: bool, told_after: bool) -> Reminder:
    """Once before it is due and once after; what is late already is not reminded of as if it were not."""
    state = when(due, today=today)
    if state == When.LATE:
        return Reminder("" if told_after else "after", True, True)
    if state == When.SOON:
        return Reminder("" if told_before else "before", True, told_after)
    return Reminder("", told_before, told_after)

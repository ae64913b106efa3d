"""What people owe by a date, and when they are reminded of it: once before, once after."""

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


def when(due: date, *, today: date) -> When:
    """On the day itself there is still time."""
    if due < today:
        return When.LATE
    return When.SOON if due - today <= SOON else When.LATER


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

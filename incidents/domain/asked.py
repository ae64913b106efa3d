"""Who was asked to answer or to come, and has said nothing since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

CALL: Final = "call:"  # how the steps of pages begin by which somebody is called in


@dataclass(frozen=True)
class Asked:
    at: datetime  # the last time
    called_at: datetime | None = None  # by somebody, into what is under way


@dataclass(frozen=True)
class Deeds:
    """What somebody did in an incident; to say that one cannot take it is no deed."""

    first: datetime | None = None
    last: datetime | None = None
    declined_at: datetime | None = None

    @property
    def last_word(self) -> datetime | None:
        return max(filter(None, (self.last, self.declined_at)), default=None)

    @property
    def declines(self) -> bool:
        """That they cannot take it was the last that they said."""
        return self.declined_at is not None and self.declined_at == self.last_word


def awaited(
    asked: Mapping[int, Asked], deeds: Mapping[int, Deeds], *, triggered: bool
) -> dict[int, datetime]:
    """Since when, by person. Once somebody answers, only those are waited for who were called in."""
    found = {}
    for person, each in asked.items():
        since = each.at if triggered else each.called_at
        word = deeds[person].last_word if person in deeds else None
        if since and (word is None or word < since):
            found[person] = since
    return found


def left(
    reached: Mapping[int, datetime], said: Collection[int], *, until: datetime | None
) -> set[int]:
    """Whoever of a step may still answer it: not heard of yet, and reached before the next is due."""
    return {
        person
        for person, at in reached.items()
        if person not in said and (until is None or at < until)
    }


class Then(StrEnum):
    """What follows when somebody cannot take it."""

    WAITS = "waits"  # others may still answer, or somebody has
    CALLED = "called"
    NOBODY = "nobody"  # is left to call

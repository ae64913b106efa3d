"""Who was asked to answer or to come, and has said nothing since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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

"""How much people were paged, and in how many of their nights."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

EVENING, MORNING = 22, 7  # o'clock
HALF: Final = timedelta(hours=12)  # a night is one from noon to noon


@dataclass(frozen=True, slots=True)
class Load:
    person: int
    pages: int
    nights: int


def night_of(local: datetime) -> date | None:
    """The day on whose evening the night began; None by day. `local` is as the person's own clock says."""
    if MORNING <= local.hour < EVENING:
        return None
    return (local - HALF).date()


def loads(pages: Iterable[tuple[int, datetime]]) -> list[Load]:
    """Of (person, local time): whoever lost most nights first."""
    counts, nights = defaultdict[int, int](int), defaultdict[int, set[date]](set)
    for person, local in pages:
        counts[person] += 1
        if night := night_of(local):
            nights[person].add(night)
    found = [Load(person, count, len(nights[person])) for person, count in counts.items()]
    return sorted(found, key=lambda one: (-one.nights, -one.pages, one.person))

"""How much people were paged, and in how many of their nights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

import numpy as np

from postmortems.domain.figures.cases import Ints, Moments
from postmortems.domain.figures.local import hours, local

EVENING, MORNING = 22, 7  # o'clock
HALF: Final = np.timedelta64(12, "h")  # a night is one from noon to noon


@dataclass(frozen=True, slots=True)
class Load:
    person: int
    pages: int
    nights: int


def loads(person: Ints, at: Moments, zones: Mapping[int, tzinfo]) -> list[Load]:
    """Of calls, each by the person's own clock: whoever lost most nights first."""
    found = []
    for one in np.unique(person).tolist():
        called = local(at[person == one], zones[one])
        found.append(Load(one, len(called), _nights(called)))
    return sorted(found, key=lambda one: (-one.nights, -one.pages, one.person))


def _nights(shown: Moments) -> int:
    hour = hours(shown)
    woken = shown[(hour >= EVENING) | (hour < MORNING)]
    return len(np.unique((woken - HALF).astype("M8[D]")))

"""How much of a time a service was there, as whoever keeps that record says it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Served:
    """Whole seconds. `down` is in hundredths of one, for a partial outage counts in part, by per cent."""

    known: int
    unknown: int
    down: int


class Outage(NamedTuple):
    """An incident of a service of which no such record is kept. `ended` None: it goes on."""

    severity: str
    began: datetime
    ended: datetime | None

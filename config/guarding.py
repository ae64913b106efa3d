"""When is the watcher itself in trouble, and who hears of it? Pure: the caller brings the time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

SETTLED: Final = 60.0  # seconds of being well after which trouble is over
AGAIN: Final = 900.0  # seconds after which it is said once more
SHAPES: Final = {
    "sms": re.compile(r"\+[1-9][0-9]{6,14}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
    "webhook": re.compile(r"https?://\S+"),
}


@dataclass(frozen=True)
class Address:
    way: str
    to: str


def addresses(text: str) -> list[Address]:
    """As in `sms:+821012345678, email:ops@example.com`. ValueError says which one is wrong."""
    return [_address(part.strip()) for part in text.split(",") if part.strip()]


def _address(part: str) -> Address:
    way, _, to = part.partition(":")
    if way not in SHAPES or not SHAPES[way].fullmatch(to):
        raise ValueError(f"{part!r} is none of sms:+82…, email:…@… and webhook:https://…")
    return Address(way, to)


class Word(Enum):
    DOWN = "down"
    BACK = "back"


class Guard:
    """Hears how the portal is and decides when to speak.

    Trouble that comes and goes is one trouble until the portal was well for a minute.
    """

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self.faulty_since: float | None = None
        self.well_since: float | None = None
        self.spoken_at: float | None = None

    def see(self, *, well: bool, at: float) -> Word | None:
        """`at`: seconds of a clock that is never set. What must be said now, if anything."""
        if not well:
            self.well_since = None
            self.faulty_since = at if self.faulty_since is None else self.faulty_since
            return self._complain(at, at - self.faulty_since)
        self.well_since = at if self.well_since is None else self.well_since
        if self.faulty_since is None or at - self.well_since < SETTLED:
            return None
        spoke, self.faulty_since, self.spoken_at = self.spoken_at is not None, None, None
        return Word.BACK if spoke else None

    def _complain(self, at: float, lasted: float) -> Word | None:
        due = lasted >= self.patience if self.spoken_at is None else at - self.spoken_at >= AGAIN
        if due:
            self.spoken_at = at
        return Word.DOWN if due else None

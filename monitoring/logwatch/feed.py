"""What every kind of log has in common for the watcher."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from monitoring.domain.logs.reading import Position, Reading

PIECE: Final = 256 * 1024  # bytes of one file in a round, so that no log waits behind another


@dataclass(frozen=True)
class Trouble:
    """Why a log cannot be read, as a word that pages translate, and what it is about."""

    word: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.word}|{self.about}"[:300]


class HasFile(Protocol):
    def fileno(self) -> int: ...


class Feed:
    """Brings the lines of one log to its reading. Never blocks, and reads a bounded piece a round."""

    def __init__(self, reading: Reading, *, at: float) -> None:
        self.reading = reading
        self.trouble: Trouble | None = None
        self.lost = 0  # that we know of
        self.cut = 0
        self.caught_up_at = at
        self.is_behind = False

    def step(self, at: float) -> bool:
        """Take what is there. True: there is more."""
        raise NotImplementedError

    def lag(self, at: float) -> float:
        """For how long at most what is unread has been waiting, in seconds."""
        return at - self.caught_up_at if self.is_behind else 0.0

    def unread(self) -> int:
        """Bytes, as far as they can be counted."""
        return 0

    def handles(self) -> Sequence[HasFile]:
        """What wakes the watcher when there is something to read."""
        return ()

    def positions(self) -> Sequence[Position]:
        return ()

    @property
    def cursor(self) -> str:
        return ""

    def read_batches(self) -> Sequence[int]:
        return ()

    def written(self) -> None:
        """All that was brought so far is in the database."""

    def close(self) -> None:
        """Nothing more of it."""

    def _ended(self, *, at: float, more: bool) -> bool:
        self.is_behind = more
        if not more:
            self.caught_up_at = at
        return more

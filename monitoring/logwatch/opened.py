"""One file, by its inode: what it is called may change, and what is under its name too."""

import os
import re
import stat
from hashlib import blake2b
from pathlib import Path
from typing import Final

from monitoring.domain.logs.lines import Joiner, Splitter
from monitoring.domain.logs.reading import Position, Reading, Surroundings
from monitoring.logwatch.feed import PIECE

MARKED: Final = 64  # bytes before the position that have to be the same ones
LATER: Final = re.compile(r"[._-]\d[\d._T-]*")
MOST: Final = 32  # later names that are looked at
QUIET: Final = 1.0  # seconds after which the last entry counts as whole


class Overwritten(Exception):
    """What stood before our position stands there no more: truncated, or replaced by other bytes."""


class NoFile(Exception):
    """A folder, a pipe or a device."""


class Opened:
    def __init__(self, path: str, *, at: float) -> None:
        # A pipe without a writer must not hold us up.
        self.fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        about = os.fstat(self.fd)
        if not stat.S_ISREG(about.st_mode):
            os.close(self.fd)
            raise NoFile(path)
        self.path, self.device, self.inode = path, about.st_dev, about.st_ino
        self.around, self.last_at, self.cut_before = Surroundings(), at, 0
        self.splitter, self.joiner, self.tail = Splitter(), Joiner(), b""

    @property
    def identity(self) -> tuple[int, int]:
        return self.device, self.inode

    @property
    def size(self) -> int:
        return os.fstat(self.fd).st_size

    @property
    def modified(self) -> int:
        return os.fstat(self.fd).st_mtime_ns

    @property
    def unread(self) -> int:
        return max(0, self.size - self.splitter.read)

    @property
    def cut(self) -> int:
        return self.cut_before + self.splitter.cut

    def begin(self, position: int) -> None:
        self.cut_before += self.splitter.cut
        self.splitter, self.joiner = Splitter(position), Joiner()
        self.tail = self.before(position)

    def read(self, reading: Reading, *, at: float) -> bool:
        """True: there is more. The bytes before are read again each time, as the proof of the place."""
        held = len(self.tail)
        found = os.pread(self.fd, PIECE + held, self.splitter.read - held)
        if found[:held] != self.tail:
            raise Overwritten(self.path)
        piece = found[held:]
        if not piece:
            if self.joiner.start is not None and at - self.last_at >= QUIET:
                self._flush(reading, at)
            return False
        self.last_at = at
        self.tail = found[-MARKED:]
        joiner, take, around = self.joiner, reading.take, self.around
        for line in self.splitter(piece):
            if (whole := joiner(line)) is not None:
                take(whole, around, at=at)
        return len(piece) == PIECE

    def finish(self, reading: Reading, *, at: float) -> None:
        """No more will come: what was begun is whole."""
        for line in self.splitter.rest():
            if whole := self.joiner(line):
                reading.take(whole, self.around, at=at)
        self._flush(reading, at)

    def position(self) -> Position:
        """From where a successor has to read: the beginning of what is not whole yet."""
        start = self.joiner.start
        place = self.splitter.at if start is None else start
        return Position(self.path, self.device, self.inode, place, mark(self.before(place)))

    def fits(self, position: int, wanted: str) -> bool:
        return self.size >= position and mark(self.before(position)) == wanted

    def close(self) -> None:
        os.close(self.fd)

    def _flush(self, reading: Reading, at: float) -> None:
        if whole := self.joiner.flush():
            reading.take(whole, self.around, at=at)

    def before(self, position: int) -> bytes:
        held = min(MARKED, position)
        return os.pread(self.fd, held, position - held)


def mark(before: bytes) -> str:
    """Of the bytes before a position, which themselves may be secrets."""
    return blake2b(before, digest_size=16).hexdigest()


def siblings(path: str) -> list[str]:
    """The same log under later names, `app.log.1` or `app-20261128.log`; the newest first."""
    here = Path(path)
    try:
        with os.scandir(here.parent) as found:
            names = [
                (entry.stat().st_mtime_ns, entry.path)
                for entry in found
                if is_later_name(entry.name, here)
            ]
    except OSError:
        return []
    return [name for _, name in sorted(names, reverse=True)[:MOST]]


def is_later_name(name: str, first: Path) -> bool:
    before, after = first.stem, first.suffix
    dated = name.startswith(before) and name.endswith(after) and len(name) > len(first.name)
    middle = name[len(before) : len(name) - len(after)] if dated else ""
    return bool(
        (name.startswith(first.name) and LATER.fullmatch(name[len(first.name) :]))
        or (middle and LATER.fullmatch(middle))
    )

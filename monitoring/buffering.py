"""What waits to be sent, in a folder: bounded, in order, and whole after a kill."""

import contextlib
import fcntl
import logging
import os
import re
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

log = logging.getLogger(__name__)

NAME: Final = re.compile(r"(\d{12})-(\d+)\.gz")  # its place in the order, and how many samples
BLOCK: Final = 4096  # what a file takes at least
MOST_TOGETHER: Final = 90  # the portal unpacks a hundred in one body


class Taken(Exception):
    """Another agent works in this folder."""


@dataclass(frozen=True)
class Entry:
    number: int
    samples: int
    room: int
    body: bytes | None = None  # only where the disk did not take it


def room_of(size: int) -> int:
    """On the disk, for that is what must not run full."""
    return -(-size // BLOCK) * BLOCK


class Buffer:
    """One writer and one sender, in two threads; the folder is theirs alone."""

    def __init__(self, folder: Path, *, most: int) -> None:
        self.folder, self.most = folder, most
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = self._locked()
        self._bell = threading.Condition()
        self._entries: deque[Entry] = deque(self._found())
        self.bytes = sum(entry.room for entry in self._entries)
        self.dropped = self._count()
        self._number = max((entry.number for entry in self._entries), default=0)

    def add(self, body: bytes, samples: int) -> None:
        """Of more than there is room for, the oldest go."""
        self._number += 1
        entry = Entry(self._number, samples, room_of(len(body)))
        try:
            self._write(self._path(entry), body)
        except OSError as error:  # a full disk is what somebody has to hear of
            log.warning("the buffer cannot be written (%s): kept in memory", error.strerror)
            entry = replace(entry, body=body)
        with self._bell:
            self._entries.append(entry)
            self.bytes += entry.room
            old = self._too_many()
            self._bell.notify()
        if old:
            log.error("no room: %s of the oldest rounds dropped", len(old))
            self.drop(old)

    def wait(self, seconds: float) -> bool:
        """Whether something waits to be sent."""
        with self._bell:
            return bool(self._bell.wait_for(lambda: self._entries, seconds))

    def first(self, limit: int) -> tuple[Sequence[Entry], bytes]:
        """The oldest, at least one and together no more bytes than so many; packed, they are one."""
        with self._bell:
            waiting = list(self._entries)[:MOST_TOGETHER]
        chosen, parts, size = list[Entry](), list[bytes](), 0
        for entry in waiting:
            body = self._read(entry)
            if body is None:
                self.drop([entry])
                continue
            size += len(body)
            if chosen and size > limit:
                break
            chosen.append(entry)
            parts.append(body)
        return chosen, b"".join(parts)

    def sent(self, entries: Iterable[Entry]) -> None:
        with self._bell:
            for entry in entries:
                with contextlib.suppress(ValueError):  # dropped for want of room meanwhile
                    self._entries.remove(entry)
                    self.bytes -= entry.room
        for entry in entries:
            if entry.body is None:
                self._path(entry).unlink(missing_ok=True)

    def drop(self, entries: Sequence[Entry]) -> None:
        self.sent(entries)
        self.dropped += sum(entry.samples for entry in entries)
        with contextlib.suppress(OSError):
            self._write(self.folder / "dropped", str(self.dropped).encode())

    def _too_many(self) -> list[Entry]:
        left, old = self.bytes, list[Entry]()
        for entry in list(self._entries)[:-1]:
            if left <= self.most:
                break
            left -= entry.room
            old.append(entry)
        return old

    def _locked(self) -> IO[bytes]:
        file = (self.folder / "lock").open("wb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise Taken(str(self.folder)) from error
        return file

    def _found(self) -> list[Entry]:
        """What an agent before us left; what it had not finished writing is nothing."""
        for torn in self.folder.glob("*.new"):
            torn.unlink(missing_ok=True)
        named = ((path, NAME.fullmatch(path.name)) for path in self.folder.iterdir())
        found = [
            Entry(int(name[1]), int(name[2]), room_of(path.stat().st_size))
            for path, name in named
            if name
        ]
        return sorted(found, key=lambda entry: entry.number)

    def _count(self) -> int:
        try:
            return int((self.folder / "dropped").read_text())
        except (OSError, ValueError):
            return 0

    def _path(self, entry: Entry) -> Path:
        return self.folder / f"{entry.number:012}-{entry.samples}.gz"

    def _read(self, entry: Entry) -> bytes | None:
        if entry.body is not None:
            return entry.body
        try:
            return self._path(entry).read_bytes()
        except OSError as error:
            log.warning("a round cannot be read again: %s", error)
            return None

    @staticmethod
    def _write(path: Path, body: bytes) -> None:
        """Whole or not at all, also when the power fails."""
        new = path.with_suffix(".new")
        try:
            with new.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            raise

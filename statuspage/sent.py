"""To whom a word went without a database: their keys one after another in a file, each before the next mail goes.

A command that is killed leaves all that it wrote; after a power cut what is missing is at most what was sent
since the last fsync, a quarter of a second.
"""

import os
import struct
import threading
import time
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from core.durable import flush
from statuspage.kept import folder

KEY: Final = struct.Struct("<q")  # less than nothing: its server knows no such mailbox
SYNCED_EVERY: Final = 0.25  # seconds
ENDING: Final = ".sent"


class Sent:
    """One writer at a time, of any number of threads: an appended key is there whole or not at all."""

    def __init__(self, line: str) -> None:
        self._line, self._before = line, sorted_keys(line)
        self._file: int | None = None
        self._opening = threading.Lock()
        self._synced = 0.0

    @property
    def before(self) -> int:
        return len(self._before)

    def has(self, pk: int) -> bool:
        """Before this run; within it nobody is asked for twice."""
        return has(self._before, pk)

    def add(self, pk: int, *, refused: bool = False) -> None:
        file = self._opened()
        os.write(file, KEY.pack(-pk if refused else pk))
        if time.monotonic() - self._synced > SYNCED_EVERY:
            self._synced = time.monotonic()
            os.fsync(file)

    def close(self) -> None:
        if self._file is not None:
            os.fsync(self._file)
            os.close(self._file)

    def _opened(self) -> int:
        """At the first mail: whoever only counts leaves nothing."""
        with self._opening:
            if self._file is None:
                path = _path(self._line)
                _cut_to_whole_keys(path)
                self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                flush(path.parent)
            return self._file


def sorted_keys(line: str) -> Sequence[int]:
    """Eight bytes each, whatever became of them."""
    return array("q", sorted(abs(key) for key in _keys(line)))


def has(keys: Sequence[int], pk: int) -> bool:
    place = bisect_left(keys, pk)
    return place < len(keys) and keys[place] == pk


def taken(line: str) -> Sequence[int]:
    return array("q", (key for key in _keys(line) if key > 0))


def refused(line: str) -> list[int]:
    return [-key for key in _keys(line) if key < 0]


def forget(line: str) -> None:
    _path(line).unlink(missing_ok=True)


def _keys(line: str) -> Sequence[int]:
    path, keys = _path(line), array("q")
    if path.exists():
        whole = path.stat().st_size // KEY.size * KEY.size
        keys.frombytes(path.read_bytes()[:whole])
    return keys


def _cut_to_whole_keys(path: Path) -> None:
    if path.exists():
        os.truncate(path, path.stat().st_size // KEY.size * KEY.size)


def _path(line: str) -> Path:
    return folder() / f"{line}{ENDING}"

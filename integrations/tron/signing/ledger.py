"""What was signed, on disk before it is: caps hold through crashes and restarts."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from integrations.tron.signing.rules import Entry


class LedgerError(Exception):
    """The book of signatures cannot be read, written, or is another signer's."""


class Ledger:
    """One line an entry, appended and synced. Held by one signer at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._entries = self._read()
        except BlockingIOError as error:
            self.close()
            raise LedgerError(f"{path} is held by another signer") from error
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        os.close(self._file)

    @property
    def entries(self) -> Sequence[Entry]:
        return self._entries

    def add(self, entry: Entry) -> None:
        """Counted once, however often it is asked for. Raises LedgerError; then it must not be signed."""
        if any(entry.txid == known.txid for known in self._entries):
            return
        # Counted in memory first: a disk that failed half-way must not make room for more.
        self._entries.append(entry)
        facts = [entry.txid, entry.type, entry.sun, entry.at.isoformat()]
        line = json.dumps(facts).encode() + b"\n"
        try:
            if os.write(self._file, line) != len(line):
                raise LedgerError(f"{self.path}: the disk is full")
            os.fsync(self._file)
        except OSError as error:
            raise LedgerError(f"{self.path}: {error.strerror}") from error

    def _read(self) -> list[Entry]:
        """A last line without an end was never signed; anything else that is unreadable stops us."""
        text = self.path.read_bytes()
        whole, _, torn = text.rpartition(b"\n")
        if torn:
            os.ftruncate(self._file, len(text) - len(torn))
        try:
            return [_entry(json.loads(line)) for line in whole.splitlines()]
        except (ValueError, TypeError) as error:
            raise LedgerError(f"{self.path} is damaged: what was signed is unknown") from error


def _entry(facts: list[object]) -> Entry:
    txid, kind, sun, at = facts
    if not (isinstance(txid, str) and isinstance(kind, int) and isinstance(sun, int)):
        raise ValueError("an entry of other things")
    return Entry(txid, kind, sun, datetime.fromisoformat(str(at)))

"""The signer: one question at a time on a local socket, one line of JSON each way."""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import os
import resource
import socket
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from integrations.tcp import left
from integrations.tron.contracts import amount
from integrations.tron.errors import Tampered
from integrations.tron.signing.key import Key
from integrations.tron.signing.ledger import Ledger, LedgerError
from integrations.tron.signing.rules import Entry, Rules
from integrations.tron.signing.watching import Permissions
from integrations.tron.transactions import Unsigned

log = logging.getLogger(__name__)

QUESTION_LIMIT: Final = 16 * 1024
PATIENCE: Final = 2.0  # seconds for one who asks
PR_SET_DUMPABLE: Final = 4
HOW: Final = b'"how"'  # are you?


class Signer:
    def __init__(
        self, keys: Mapping[str, Key], rules: Rules, ledger: Ledger, permissions: Permissions
    ) -> None:
        """A key for each owner."""
        self._keys, self._rules, self._ledger = keys, rules, ledger
        self._permissions = permissions

    def serve(self, door: socket.socket) -> None:
        while True:
            visitor, _ = door.accept()
            with visitor, contextlib.suppress(OSError):  # who hangs up gets no answer
                visitor.sendall(json.dumps(self.answer(_line(visitor))).encode() + b"\n")

    def answer(self, question: bytes) -> dict[str, str]:
        """{"txid", "signature"} or {"refused": why}. The books are written before it is signed.

        To HOW: {"ready": "yes"}, or why nothing is signed now.
        """
        refusal = self._permissions.refusal()
        if question.strip() == HOW:
            return _refused(refusal) if refusal else {"ready": "yes"}
        try:
            asked, named = _read(question)
        except Tampered as error:
            return _refused(f"not a transaction of ours: {error}")
        if named != asked.txid:
            return _refused("the id that is named is of another transaction")
        now = datetime.now(UTC)
        if refusal := refusal or self._rules.refusal(asked, self._ledger.entries, now):
            return _refused(refusal)
        entry = Entry(asked.txid, asked.contract.type, amount(asked.contract), now)
        try:
            self._ledger.add(entry)
        except LedgerError as error:
            return _refused(f"it cannot be written down: {error}")
        log.info("signed %s: %s, %s sun", asked.txid, asked.contract.name, entry.sun)
        signature = self._keys[asked.contract.owner].sign(asked.txid)
        return {"txid": asked.txid, "signature": signature}


@contextlib.contextmanager
def door_at(path: Path) -> Iterator[socket.socket]:
    """A socket that only our own user can open. One that a killed signer left is replaced."""
    path.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        door.bind(str(path))
    finally:
        os.umask(before)
    try:
        door.listen(16)
        yield door
    finally:
        door.close()
        path.unlink(missing_ok=True)


def keep_memory_to_ourselves() -> None:
    """No core file, and nobody else of our user may look into this process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):  # elsewhere than on Linux
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _read(question: bytes) -> tuple[Unsigned, object]:
    try:
        asked: Any = json.loads(question)
        if not isinstance(asked, dict) or set(asked) != {"txid", "raw_data"}:
            raise Tampered("a question has a txid and raw_data")
    except (ValueError, RecursionError):
        raise Tampered("no JSON") from None
    return Unsigned.read(asked["raw_data"]), asked["txid"]


def _refused(text: str) -> dict[str, str]:
    log.warning("refused: %s", text)
    return {"refused": text}


def _line(visitor: socket.socket) -> bytes:
    """Within one patience in all: who drips would keep everybody else waiting."""
    question, until = b"", time.monotonic() + PATIENCE
    while b"\n" not in question and len(question) < QUESTION_LIMIT:
        visitor.settimeout(left(until))
        part = visitor.recv(QUESTION_LIMIT - len(question))
        if not part:
            break
        question += part
    return question

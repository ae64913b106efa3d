"""Whoever mails without a database, and whoever takes its words into the tables: never both at once.

Who takes asks the other to stop, waits until it has, and then knows to whom the word went. The one who mails
looks after each mail; if it is stopped or hangs, nobody waits for it for ever, and it stops when it goes on.
"""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from statuspage.kept import folder

log = logging.getLogger(__name__)

PATIENCE: Final = 15.0  # seconds: longer than a mail may take


class Busy(Exception):
    """Somebody else mails, or what was said is just being taken into the tables."""


@contextmanager
def halted() -> Iterator[None]:
    """For who takes: nobody mails until this ends."""
    try:
        with _lock() as number:
            _wait_for(number)
            yield
    finally:
        _mark().unlink(missing_ok=True)


@contextmanager
def turn() -> Iterator[None]:
    """For who mails. Raises `Busy`."""
    with _lock() as number:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        _mark().unlink(missing_ok=True)  # of one who died while he waited
        yield


def is_to_stop() -> bool:
    return _mark().exists()


def _wait_for(number: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        _mark().touch(mode=0o600)  # again and again: who begins to mail takes an old one away
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                log.warning("whoever mails without a database does not stop; going on without")
                return
            time.sleep(0.02)


@contextmanager
def _lock() -> Iterator[int]:
    number = os.open(folder() / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        yield number
    finally:
        os.close(number)


def _mark() -> Path:
    return folder() / "stop"

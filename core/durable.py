"""Files that are there whole after a power cut, or not at all."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


def put(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    waiting = path.with_name(f".{path.name}.new")
    with open(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)
    flush(path.parent)


def flush(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time writes what others may write there, too; the lock goes with who died."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)

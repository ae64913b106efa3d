"""Files of this machine, read in bounded time and room."""

import hashlib
import os
import stat
import time
from pathlib import Path
from typing import Final

from integrations.tcp import left

CHUNK: Final = 1024 * 1024


def _opened(path: Path) -> int:
    """Without waiting for anybody, as a pipe would, and never anything but a plain file."""
    door = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(door).st_mode):
        os.close(door)
        raise OSError(f"{path} is no file")
    return door


def tail(path: Path, most: int) -> list[str]:
    """The last lines, of so many bytes at most. Raises OSError."""
    with os.fdopen(_opened(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(max(0, size - most))
        lines = file.read(most).decode(errors="replace").split("\n")
    return lines[1:] if size > most else lines


def digest(path: Path, *, seconds: float) -> str:
    """SHA-256 of its content, in hexadecimal. Raises OSError."""
    until, found = time.monotonic() + seconds, hashlib.sha256()
    with os.fdopen(_opened(path), "rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
            left(until)
    return found.hexdigest()

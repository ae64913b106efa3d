"""One file per process under log/, none of which may fill the disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

LARGEST = 10 * 1024 * 1024


def of(home: Path, name: str) -> Path:
    folder = home / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{name}.log"


def trim(home: Path) -> None:
    """Keep one older part of each log that grew too large.

    Emptied in place, because its process holds it open: everyone writes by appending.
    """
    for log in (home / "log").glob("*.log"):
        if log.stat().st_size > LARGEST:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


def last_words(log: Path) -> str:
    """The last line a process wrote, which usually says why it ended."""
    if not log.exists():
        return ""
    with log.open("rb") as lines:
        lines.seek(max(0, log.stat().st_size - 4096))
        return lines.read().decode(errors="replace").strip().rpartition("\n")[2]

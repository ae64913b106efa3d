"""The public page as files: a complete tree a version, and `current`, which is moved to the newest at once.

Whoever serves it, the portal or a file server, sees the old one or the new one whole. A tree is on the disk
before anybody is led to it, so that a power cut leaves the last one standing.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from django.conf import settings

from core.durable import flush, put
from statuspage.domain.snapshot import SHAPE, Snapshot

KEPT: Final = 3  # versions: a slow reader may still be in the one before
RECORD: Final = "snapshot.json"  # beside the public files, not among them


class Tree:
    """`public/current/` is what a file server is pointed at."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or settings.BONGSU_HOME / "public"
        self.current = self.root / "current"
        self.record = self.root / RECORD

    @contextmanager
    def held(self) -> Iterator[None]:
        """One writer at a time, with a database or without."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def published(self) -> Snapshot | None:
        """What the tree was last written from."""
        try:
            found = json.loads(self.record.read_text())
        except FileNotFoundError:
            return None
        return cast("Snapshot", found) if found["shape"] == SHAPE else None

    def publish(self, snapshot: Snapshot, files: Iterable[tuple[str, bytes]]) -> None:
        """The caller holds the lock."""
        made = self._write(files)
        waiting = self.root / "current.new"
        waiting.unlink(missing_ok=True)
        waiting.symlink_to(made.relative_to(self.root))
        waiting.replace(self.current)
        flush(self.root)
        put(self.record, json.dumps(snapshot, ensure_ascii=False).encode())
        self._forget_old(made)

    def _write(self, files: Iterable[tuple[str, bytes]]) -> Path:
        versions = self.root / "versions"
        versions.mkdir(parents=True, exist_ok=True)
        number = max((int(one.name) for one in versions.iterdir()), default=0) + 1
        made, before = versions / str(number), self.current.resolve()
        folders = {made}
        for name, content in files:
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            folders.update(parent for parent in path.parents if made in parent.parents)
            _bring(path, content, before / name)
        for folder in [*folders, versions]:
            flush(folder)
        return made

    def put(self, name: str, content: bytes) -> None:
        """One file of the current tree, such as the sign of life."""
        put(self.current / name, content)

    def keep(self, name: str, content: bytes) -> None:
        """Beside the public files, and not among them."""
        put(self.root / name, content)

    def forget(self, name: str) -> None:
        (self.root / name).unlink()
        flush(self.root)

    def _forget_old(self, newest: Path) -> None:
        number = int(newest.name)
        for one in newest.parent.iterdir():
            if int(one.name) <= number - KEPT:
                shutil.rmtree(one)


def _bring(path: Path, content: bytes, before: Path) -> None:
    """What did not change stays the same file. What did is a second newer at least, for file servers
    know a version by its second and its size."""
    earlier = before.stat().st_mtime if before.is_file() else 0.0
    if earlier and before.read_bytes() == content:
        path.hardlink_to(before)
        return
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        when = max(path.stat().st_mtime, earlier + 1)
        os.utime(path, (when, when))
        os.fsync(file.fileno())

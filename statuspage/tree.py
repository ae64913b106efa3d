"""The public page as files: a complete tree a version, and `current`, which is moved to the newest at once.

Whoever serves it, the portal or a file server, sees the old one or the new one whole. A tree is on the disk
before anybody is led to it, so that a power cut leaves the last one standing.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from django.conf import settings

from core.durable import flush, put
from statuspage.domain.snapshot import SHAPE, Snapshot

KEPT: Final = 3  # versions: a slow reader may still be in the one before
AT_ONCE: Final = 8
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
        made, before = self._place(), self.current.resolve()
        fresh, homes, names = list[Path](), {made, made.parent}, set[str]()
        for name, content in files:
            path = made / name
            if path.parent not in homes:
                path.parent.mkdir(parents=True, exist_ok=True)
                homes |= {one for one in path.parents if made in one.parents}
            names.add(str(path))
            if _bring(path, content, before / name):
                fresh.append(path)
        _clear(made, names)
        for several in (fresh, homes):  # a file is there before the folder that names it
            with ThreadPoolExecutor(AT_ONCE) as pool:  # one journal takes many at once
                list(pool.map(flush, several))
        return made

    def _place(self) -> Path:
        """Where the next tree is written: over one that nobody is led to any more, if there is one, for most of its
        files are in the next tree as well. What somebody left half written is taken first."""
        versions = self.root / "versions"
        versions.mkdir(parents=True, exist_ok=True)
        numbers = sorted(int(one.name) for one in versions.iterdir())
        now = int(self.current.resolve().name) if self.current.exists() else 0
        spare = [one for one in numbers if one > now] or numbers[: 1 - KEPT]
        made = versions / str(max([*numbers, now]) + 1)
        if spare and spare[0] != now:
            (versions / str(spare[0])).rename(made)
        made.mkdir(exist_ok=True)
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


def _bring(path: Path, content: bytes, before: Path) -> bool:
    """Whether it was written. What did not change stays the same file, in all trees: so none is ever written in
    place. What did is a second newer at least, for file servers know a version by its second and its size."""
    earlier = before.stat() if before.is_file() else None
    if earlier and earlier.st_size == len(content) and before.read_bytes() == content:
        if not (path.exists() and path.samefile(before)):
            path.unlink(missing_ok=True)
            path.hardlink_to(before)
        return False
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(content)
    when = max(path.stat().st_mtime, earlier.st_mtime + 1 if earlier else 0.0)
    os.utime(path, (when, when))
    return True


def _clear(made: Path, names: set[str]) -> None:
    """What the tree before had and this one has not."""
    for folder, _folders, files in os.walk(made, topdown=False):
        for path in (f"{folder}/{name}" for name in files):
            if path not in names:
                os.unlink(path)
        if not os.listdir(folder):
            os.rmdir(folder)

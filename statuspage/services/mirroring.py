"""The tree once more in an object store, for readers whom even our host does not reach: after the tree, never before it.

What is there is known by a note beside the tree; a run that fails goes on where it was, at the next tick.
"""

import fcntl
import json
import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from integrations.object_store import Address, Bucket, StoreError
from statuspage.domain.arriving import in_order
from statuspage.domain.snapshot import moment, written
from statuspage.serving import FRESH, TYPES
from statuspage.tree import Tree

log = logging.getLogger(__name__)

MIRROR: Final = "statuspage.mirror"
NOTE: Final = "mirror.json"
AT_ONCE: Final = 8
AGAIN_AFTER: Final = timedelta(seconds=20)


@dataclass
class Note:
    store: str
    objects: dict[str, str] = field(default_factory=dict)  # by name, which file it was
    whole_at: str | None = None  # when all of a tree was there last
    failed_at: str | None = None
    error: str = ""
    since: str | None = None  # it lacks something

    def is_resting(self, at: datetime) -> bool:
        return self.failed_at is not None and at < moment(self.failed_at) + AGAIN_AFTER


def mirror(*, at: datetime, tree: Tree | None = None, now: bool = False) -> str:
    """What went wrong, or nothing. `now`: also soon after it failed."""
    tree = tree or Tree()
    if not settings.STATUS_STORE or not tree.current.exists():
        return ""
    with _alone(tree) as mine:
        address = Address.of(settings.STATUS_STORE)
        note = read_note(tree, address.name)
        if not mine or (note.is_resting(at) and not now):
            return note.error
        try:
            _bring(tree, note, _bucket(address), at)
        except (StoreError, FileNotFoundError) as error:  # or the tree was written three times over
            note.error, note.failed_at = str(error), written(at)
            note.since = note.since or written(at)
            log.warning("the object store %s does not take the status page: %s", note.store, error)
        else:
            note.error, note.failed_at, note.since, note.whole_at = "", None, None, written(at)
        tree.keep(NOTE, json.dumps(asdict(note)).encode())
        return note.error


def _bring(tree: Tree, note: Note, bucket: Bucket, at: datetime) -> None:
    folder = tree.current.resolve()
    files = {
        path.relative_to(folder).as_posix(): _stamp(path)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    fresh = [name for name, stamp in files.items() if note.objects.get(name) != stamp]
    note.since = note.since or (written(at) if fresh else None)
    for group in in_order(fresh):
        _put(folder, group, files, note, bucket)
    gone = set(note.objects) - set(files)
    bucket.delete(gone)
    for name in gone:
        del note.objects[name]


def _put(
    folder: Path, names: list[str], stamps: Mapping[str, str], note: Note, bucket: Bucket
) -> None:
    def one(name: str) -> None:
        body = (folder / name).read_bytes()
        bucket.put(name, body, type=TYPES.get(Path(name).suffix, "text/plain"), cache=FRESH)
        note.objects[name] = stamps[name]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        tasks = [pool.submit(one, name) for name in names]
        try:
            for task in tasks:
                task.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _stamp(path: Path) -> str:
    """What did not change is the same file in the next tree."""
    found = path.stat()
    return f"{found.st_ino}.{found.st_mtime_ns}.{found.st_size}"


def read_note(tree: Tree, store: str) -> Note:
    """Of this store; of another one nothing is known."""
    path = tree.root / NOTE
    found = Note(**json.loads(path.read_text())) if path.exists() else Note(store)
    return found if found.store == store else Note(store)


def lacking(tree: Tree | None = None) -> Note | None:
    """What is known of the store while it lacks something."""
    if not settings.STATUS_STORE:
        return None
    note = read_note(tree or Tree(), Address.of(settings.STATUS_STORE).name)
    return note if note.since and note.error else None


def seconds_late(*, at: datetime) -> float:
    note = lacking()
    return max(0.0, (at - moment(note.since)).total_seconds()) if note and note.since else 0.0


@lru_cache(maxsize=1)
def _bucket(address: Address) -> Bucket:
    return Bucket(address)


@contextmanager
def _alone(tree: Tree) -> Iterator[bool]:
    with (tree.root / "mirror.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True

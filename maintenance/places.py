"""Where backups lie: a folder, or a bucket of an S3-compatible store."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol, TypeVar

from django.conf import settings

from core.told import Told as _
from integrations.backups import Unusable, newest_first, read
from integrations.object_store import Address, Bucket, StoreError
from maintenance.models import BackupPlan

DUMPS: Final = (".dump", ".dump.sealed")
T = TypeVar("T")
FORGOTTEN: Final = 24 * 3600.0  # seconds after which what was never finished will not be


class Misplaced(Exception):
    """The place is none, or cannot be reached; the text says why."""


class Place(Protocol):
    """Each raises Misplaced or OSError."""

    name: str

    def making(self) -> AbstractContextManager[Path]:
        """A folder to make a backup in; what is in it afterwards is in the place."""
        ...

    def stems(self, database: str) -> list[str]:
        """Of the backups of this database, the newest first."""
        ...

    def at_hand(self, stem: str) -> AbstractContextManager[Path]:
        """The path of its manifest, with the dump beside it."""
        ...

    def delete(self, stem: str) -> None: ...


class Folder:
    def __init__(self, path: Path) -> None:
        self.path, self.name = path, str(path)

    @contextmanager
    def making(self) -> Iterator[Path]:
        _forget(self.path)
        yield self.path

    def stems(self, database: str) -> list[str]:
        return [path.stem for path in newest_first(self.path, database)]

    @contextmanager
    def at_hand(self, stem: str) -> Iterator[Path]:
        yield self.path / f"{stem}.json"

    def delete(self, stem: str) -> None:
        """The manifest first: a dump without one is no backup."""
        for ending in (".json", *DUMPS):
            (self.path / f"{stem}{ending}").unlink(missing_ok=True)


class Store:
    """A backup is made here first, so that an upload that fails can be tried again without asking the database."""

    def __init__(self, address: Address, staging: Path) -> None:
        self.bucket, self.staging, self.name = Bucket(address), staging, address.name

    @contextmanager
    def making(self) -> Iterator[Path]:
        with self._aside() as folder:
            yield folder
            last = sorted(folder.iterdir(), key=lambda path: path.suffix == ".json")
            for path in last:
                _asked(partial(self.bucket.put_file, path.name, path))

    def stems(self, database: str) -> list[str]:
        names: list[str] = _asked(lambda: self.bucket.names(f"{database}-"))
        found = [name.removesuffix(".json") for name in names if name.endswith(".json")]
        mine = [stem for stem in found if stem.rpartition("-")[0] == database]
        return sorted(mine, reverse=True)  # the moment is in the name

    @contextmanager
    def at_hand(self, stem: str) -> Iterator[Path]:
        with self._aside() as folder:
            path = folder / f"{stem}.json"
            _asked(lambda: self.bucket.fetch(path.name, path))
            with suppress(Unusable, FileNotFoundError):
                dump = read(path).dump
                _asked(lambda: self.bucket.fetch(dump.name, dump))
            yield path

    def delete(self, stem: str) -> None:
        for ending in (".json", *DUMPS):
            _asked(partial(self.bucket.delete, [f"{stem}{ending}"]))

    @contextmanager
    def _aside(self) -> Iterator[Path]:
        self.staging.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget(self.staging)
        with TemporaryDirectory(dir=self.staging) as folder:
            yield Path(folder)


def _asked(do: Callable[[], T]) -> T:
    try:
        return do()
    except StoreError as error:
        raise Misplaced(str(error)) from error


def place_of(plan: BackupPlan) -> Place:
    """Raises Misplaced."""
    home = settings.BONGSU_HOME / "backups"
    where = plan.place
    if where.startswith("env:"):
        where = os.environ.get(where[4:], "")
        if not where:
            raise Misplaced(
                _("The variable that the place of %(name)s names is not set.", name=plan.name)
            )
    if where.startswith(("http://", "https://")):
        try:
            return Store(Address.of(where), home / "staging")
        except ValueError as error:
            raise Misplaced(str(error)) from error
    return Folder(Path(where) if where else home)


def _forget(folder: Path) -> None:
    """What makers left that were killed: dumps that never got their manifest, and folders aside."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        stem = path.name.partition(".")[0]
        unfinished = path.name.endswith((*DUMPS, ".new")) and not (folder / f"{stem}.json").exists()
        aside = path.is_dir() and path.name.startswith("tmp")
        if (unfinished or aside) and time.time() - path.stat().st_mtime > FORGOTTEN:
            shutil.rmtree(path) if aside else path.unlink(missing_ok=True)

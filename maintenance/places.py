"""Where backups lie: a folder, or a bucket of an S3-compatible store."""

import os
import re
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

    def making(self, database: str) -> AbstractContextManager[Path]:
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
    def making(self, database: str) -> Iterator[Path]:
        _forget_unfinished(self.path, database)
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
    def making(self, database: str) -> Iterator[Path]:
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
        _forget_aside(self.staging)
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


def _forget_unfinished(folder: Path, database: str) -> None:
    """Dumps of this database that never got their manifest: their makers were killed. Others' files are not ours."""
    ours = re.compile(rf"{re.escape(database)}-\d{{8}}T\d{{6}}Z(\.dump|\.dump\.sealed|\.new)")
    for path in folder.glob("*"):
        stem = path.name.partition(".")[0]
        if ours.fullmatch(path.name) and not (folder / f"{stem}.json").exists() and _is_old(path):
            path.unlink(missing_ok=True)


def _forget_aside(staging: Path) -> None:
    for path in staging.glob("tmp*"):
        if path.is_dir() and _is_old(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > FORGOTTEN

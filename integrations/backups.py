"""The house's backups of a PostgreSQL: a dump that pg_restore reads, and a manifest beside it that says what is in it.

NAME-20261130T010203Z.dump    pg_dump in its custom format; .dump.sealed where it is encrypted (core.sealed)
NAME-20261130T010203Z.json    database, made_at, server, size and sha256 of the dump, rows of its tables and the digest of
                              its schema, all of the very moment that the dump shows, and how its database was made

The manifest is written last: a dump without one was never finished, and is no backup.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from core import sealed
from core.aside import aside
from core.told import Told
from core.told import Told as _
from integrations import pg_programs
from integrations.pg_contents import rows_of, schema_of
from integrations.pg_databases import are_options, kept_options
from integrations.pg_ready import size_of
from integrations.postgresql import Fault, session

OF_DATABASE: Final = re.compile(r"^;\s+dbname: (.+)$", re.MULTILINE)
MOMENT: Final = "%Y%m%dT%H%M%SZ"  # in the name of a file
EXTENSION: Final = re.compile(r"^\d+; \d+ \d+ EXTENSION - (\S+)", re.MULTILINE)
LISTING: Final = 120.0  # seconds of a look into a dump
UNSET: Final = "BONGSU_BACKUP_KEY is not set."
CHUNK: Final = 1 << 20
HEAD: Final = 16 << 20  # bytes of a dump in which its table of contents ends


class Unusable(Exception):
    """Why a backup is none, in the language of whoever asks for its text; `code` names it for programs, with its `facts`."""

    def __init__(self, told: Told | str, code: str, **facts: Any) -> None:
        super().__init__(told)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Manifest:
    database: str
    made_at: datetime
    server: str
    dump: str  # the file's name, beside the manifest
    size: int
    sha256: str
    tables: Mapping[str, int]  # rows, by schema.table
    schema: str  # digest
    options: Mapping[str, Any]
    bytes: int = (
        0  # of the database on its server; 0 of those that were made before it was recorded
    )
    sealed: bool = (
        False  # the dump is encrypted; size and sha256 are those of the file as it lies there
    )

    def written(self) -> str:
        body = asdict(self) | {"made_at": self.made_at.isoformat()}
        return json.dumps(body, indent=1, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Backup:
    path: Path  # of the manifest
    manifest: Manifest

    @property
    def dump(self) -> Path:
        return self.path.with_name(self.manifest.dump)


def stem_of(database: str, at: datetime) -> str:
    """What the files of a backup are called, without their endings."""
    return f"{database}-{at.astimezone(UTC):{MOMENT}}"


def moment_of(stem: str) -> datetime | None:
    """When it was made, as its name says."""
    try:
        return datetime.strptime(stem.rpartition("-")[2], MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def make_backup(
    dsn: str,
    folder: Path,
    *,
    at: datetime,
    seconds: float,
    tables: Iterable[str] = (),
    secret: str = "",
) -> Backup:
    """Of the database that `dsn` leads to. Rows are counted of `tables`, or of all; with a `secret` the dump is sealed.

    Raises Fault, TimeoutError or OSError.
    """
    with session(dsn, seconds=seconds) as asked:
        asked.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        asked.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        database, server, snapshot = asked.row(
            "SELECT current_database(), current_setting('server_version'), pg_export_snapshot()"
        )
        stem = stem_of(database, at)
        path = folder / f"{stem}.json"
        dump = path.with_name(f"{stem}.dump.sealed" if secret else f"{stem}.dump")
        with _begun(dump, path):
            _dumped(dsn, dump, snapshot, seconds, secret)
            _synced(dump)
            manifest = Manifest(
                database, at, server, dump.name, dump.stat().st_size, digest_of(dump),
                rows_of(asked, tables), schema_of(asked), kept_options(asked), size_of(asked, database),
                bool(secret),
            )  # fmt: skip
            _written(path, manifest.written())
    return Backup(path, manifest)


@contextmanager
def _begun(dump: Path, path: Path) -> Iterator[None]:
    """For our eyes only, as it holds everything; what did not get ready is not left behind, on a disk that may be full."""
    dump.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(dump, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield
    except BaseException:
        for left in (path, path.with_suffix(".new"), dump):
            left.unlink(missing_ok=True)
        raise


def _dumped(dsn: str, dump: Path, snapshot: str, seconds: float, secret: str) -> None:
    """In the clear pg_dump writes the file itself: then it knows where in it each table begins."""
    how = ("--format=custom", f"--snapshot={snapshot}")
    if not secret:
        pg_programs.run("pg_dump", *how, f"--file={dump}", seconds=seconds, dsn=dsn)
        return
    pieces = pg_programs.output("pg_dump", *how, seconds=seconds, dsn=dsn)
    with dump.open("wb") as file:
        for part in sealed.sealed(pieces, secret=secret, about={"made by": "bongsu"}):
            file.write(part)


def _written(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    _synced(fresh)
    fresh.replace(path)
    _synced(path.parent)


def _synced(path: Path) -> None:
    door = os.open(path, os.O_RDONLY)
    try:
        os.fsync(door)
    finally:
        os.close(door)


def digest_of(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as read:
        while chunk := read.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def read(path: Path) -> Backup:
    """Raises Unusable."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        made_at = datetime.fromisoformat(body.pop("made_at"))
        manifest = Manifest(made_at=made_at, **body)
        if made_at.tzinfo is None or not _has_its_shape(manifest):
            raise ValueError(path.name)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unusable(_("The manifest cannot be read."), "manifest") from error
    return Backup(path, manifest)


def _has_its_shape(one: Manifest) -> bool:
    """What is wrong in it is known here, and not by an error in the middle of a restore."""
    texts = (one.database, one.server, one.dump, one.sha256, one.schema)
    numbers = (one.size, one.bytes)
    return (
        all(isinstance(text, str) for text in texts)
        and Path(one.dump).name == one.dump
        and all(type(number) is int for number in (*numbers, *dict(one.tables).values()))
        and isinstance(one.sealed, bool)
        and are_options(one.options)
    )


def listing(backup: Backup, *, secret: str = "") -> str:
    """What pg_restore lists of it; that stands at the beginning of a dump. Raises Fault, TimeoutError or Unusable."""
    if not backup.manifest.sealed:
        return pg_programs.run("pg_restore", "--list", str(backup.dump), seconds=LISTING)
    with aside(_clear()) as folder:
        head = folder / "head"
        with head.open("wb") as file:
            for piece in pieces_of(backup, secret=secret):
                if file.write(piece) and file.tell() >= HEAD:
                    break
        return pg_programs.run("pg_restore", "--list", str(head), seconds=LISTING)


def extensions_of(backup: Backup, *, secret: str = "") -> list[str]:
    """Those that its dump creates. Raises Fault, TimeoutError or Unusable."""
    return EXTENSION.findall(listing(backup, secret=secret))


def pieces_of(backup: Backup, *, secret: str) -> Iterator[bytes]:
    """Of the dump in the clear. Raises Unusable."""
    if not secret:
        raise Unusable(_("It is encrypted, and the key is not known here."), "key", said=UNSET)
    try:
        yield from sealed.Sealed(backup.dump, secret=secret).pieces()
    except sealed.Unreadable as why:
        raise Unusable(str(why), "key", said=str(why)) from why


@contextmanager
def in_the_clear(backup: Backup, *, secret: str = "") -> Iterator[Path]:
    """The dump as pg_restore reads it: itself, or a copy for this time. Raises Unusable or OSError."""
    if not backup.manifest.sealed:
        yield backup.dump
        return
    with aside(_clear()) as folder:
        dump = folder / "dump"
        with dump.open("wb") as file:
            for piece in pieces_of(backup, secret=secret):
                file.write(piece)
        yield dump


def _clear() -> Path:
    """Where copies in the clear lie: not under /tmp, where one stays whose maker was killed."""
    return Path(settings.BONGSU_HOME, "clear")


def verified(path: Path, *, secret: str = "") -> Backup:
    """One whose dump is there, whole, unchanged and readable. Raises Unusable."""
    backup = read(path)
    try:
        _unchanged(backup)
        _of_its_database(backup, listing(backup, secret=secret))
    except FileNotFoundError as error:
        raise Unusable(_("Its dump is not there."), "dump_missing") from error
    except (OSError, Fault, TimeoutError) as error:
        raise Unusable(str(error), archive_fault(error), said=str(error)) from error
    return backup


def archive_fault(error: Exception, otherwise: str = "archive") -> str:
    """What pg_restore says of a dump that another version of it wrote."""
    return "archive_version" if "unsupported version" in str(error) else otherwise


def _unchanged(backup: Backup) -> None:
    size, recorded = backup.dump.stat().st_size, backup.manifest.size
    if size != recorded:
        told = {"size": f"{size:,}", "recorded": f"{recorded:,}"}
        code = "empty" if not size else "truncated" if size < recorded else "too_long"
        text = _("It has %(size)s bytes, where %(recorded)s were recorded.", **told)
        raise Unusable(text, code, **told)
    if digest_of(backup.dump) != backup.manifest.sha256:
        raise Unusable(_("Its checksum is not the recorded one: it is damaged."), "checksum")


def _of_its_database(backup: Backup, listed: str) -> None:
    found, wanted = OF_DATABASE.search(listed), backup.manifest.database
    if found and found[1] != wanted:
        told = {"found": found[1], "wanted": wanted}
        text = _("Its dump is of the database %(found)s, not of %(wanted)s.", **told)
        raise Unusable(text, "other_database", **told)


def newest_first(folder: Path, database: str) -> Iterator[Path]:
    """The manifests of a database; those that cannot be read come last."""
    found = []
    for path in folder.glob("*.json"):
        if path.name.startswith(f"{database}-"):
            when = 0.0
            with suppress(Unusable):
                backup = read(path)
                if backup.manifest.database != database:
                    continue
                when = backup.manifest.made_at.timestamp()
            found.append((when, path))
    return (path for _when, path in sorted(found, reverse=True))

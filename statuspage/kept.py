"""Who is told by mail, as a sealed file beside the tables: for a word that has to go out without them.

Its first piece says which key each component's public name had, and its group's; the others are subscribers, in
the order of their keys, each of a thousand keys. While nothing changes only a note beside it says until when it is true.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from core import sealed
from core.durable import alone, put
from core.sealed import Sealed
from statuspage.domain.choosing import Choice
from statuspage.domain.snapshot import moment, written
from statuspage.domain.states import Impact

A_PIECE: Final = 1_000  # keys

Places = Mapping[str, tuple[int, int | None]]  # a component's key and its group's, by public name


@dataclass(frozen=True)
class Kept:
    pk: int
    key: UUID
    address: str
    language: str
    choice: Choice


def folder() -> Path:
    found: Path = settings.BONGSU_HOME / "emergency"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def write(
    places: Places, pieces: Iterable[list[Kept] | bytes], *, seen: int, wide: int, whole_at: datetime,
    at: datetime,
) -> None:  # fmt: skip
    """Bytes are a piece as it was in the book before. `seen`: transactions before it are in here."""

    def each() -> Iterator[bytes]:
        yield json.dumps(places).encode()
        for piece in pieces:
            yield piece if isinstance(piece, bytes) else _piece(piece)

    about = {"at": written(at), "seen": str(seen), "wide": str(wide), "whole": written(whole_at)}
    sealed.write(_path(), each(), secret=settings.SECRET_KEY, about=about)


class Book:
    """As it was kept last. Raises `sealed.Unreadable`."""

    def __init__(self) -> None:
        self._file = Sealed(_path(), secret=settings.SECRET_KEY)
        about = self._file.about
        self.at = _confirmed(about["at"]) or moment(about["at"])
        self.seen, self.wide = int(about.get("seen", 0)), int(about.get("wide", 0))
        self.whole_at = moment(about.get("whole", about["at"]))

    @cached_property
    def places(self) -> Places:
        found = json.loads(next(self._file.pieces()))
        return {name: (key, group) for name, (key, group) in found.items()}

    def pieces(self) -> Iterator[bytes]:
        return islice(self._file.pieces(), 1, None)

    def confirm(self, *, at: datetime) -> None:
        """That it is still true, without writing it again."""
        note = {"of": self._file.about["at"], "at": written(at)}
        with alone(folder()):
            put(_confirmation(), json.dumps(note).encode(), mode=0o600)


class Crowd:
    """As they were kept last. Raises `sealed.Unreadable`."""

    def __init__(self) -> None:
        self._book = Book()
        self.at, self.places = self._book.at, self._book.places

    def __iter__(self) -> Iterator[Kept]:
        for piece in self._book.pieces():
            yield from (_kept(*row) for row in json.loads(piece))


def kept_at() -> datetime | None:
    """When the file on this host was true; None without one that can be read."""
    try:
        return Book().at
    except sealed.Unreadable:
        return None


def _confirmed(written_at: str) -> datetime | None:
    """When the book that was written then was last found to be true."""
    try:
        note = json.loads(_confirmation().read_text())
        return moment(note["at"]) if note["of"] == written_at else None
    except (FileNotFoundError, ValueError, KeyError):
        return None


def _confirmation() -> Path:
    return folder() / "subscribers.confirmed.json"


def _path() -> Path:
    return folder() / "subscribers.sealed"


def _piece(rows: list[Kept]) -> bytes:
    return json.dumps([_row(one) for one in rows], ensure_ascii=False).encode()


def _row(one: Kept) -> list[Any]:
    choice = one.choice
    return [
        one.pk, one.key.hex, one.address, one.language, sorted(choice.components),
        sorted(choice.groups), choice.minimum, choice.incidents, choice.maintenance, choice.quiet,
    ]  # fmt: skip


def _kept(
    pk: int, key: str, address: str, language: str, components: list[int], groups: list[int],
    minimum: str, incidents: bool, maintenance: bool, quiet: bool,
) -> Kept:  # fmt: skip
    choice = Choice(
        frozenset(components), frozenset(groups), Impact(minimum), incidents, maintenance, quiet
    )
    return Kept(pk, UUID(key), address, language, choice)

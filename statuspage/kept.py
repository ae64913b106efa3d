"""Who is told by mail, as a sealed file beside the tables: for a word that has to go out without them.

Its first piece says which key each component's public name had, and its group's; the others are subscribers, in
the order of their keys.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from core import sealed
from core.sealed import Sealed
from statuspage.domain.choosing import Choice
from statuspage.domain.snapshot import moment, written
from statuspage.domain.states import Impact

A_PIECE: Final = 1_000  # subscribers

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


def write(places: Places, pieces: Iterable[list[Kept]], *, at: datetime) -> None:
    def each() -> Iterator[bytes]:
        yield json.dumps(places).encode()
        for rows in pieces:
            yield json.dumps([_row(one) for one in rows], ensure_ascii=False).encode()

    sealed.write(_path(), each(), secret=settings.SECRET_KEY, about={"at": written(at)})


class Crowd:
    """As they were kept last. Raises `sealed.Unreadable`."""

    def __init__(self) -> None:
        self._file = Sealed(_path(), secret=settings.SECRET_KEY)
        self.at = moment(self._file.about["at"])
        self.places: Places = {
            name: (key, group) for name, (key, group) in json.loads(self._first()).items()
        }

    def __iter__(self) -> Iterator[Kept]:
        pieces = self._file.pieces()
        next(pieces)
        for piece in pieces:
            yield from (_kept(*row) for row in json.loads(piece))

    def _first(self) -> bytes:
        return next(self._file.pieces())


def kept_at() -> datetime | None:
    """When the file on this host was written; None without one that can be read."""
    try:
        return moment(Sealed(_path(), secret=settings.SECRET_KEY).about["at"])
    except sealed.Unreadable:
        return None


def _path() -> Path:
    return folder() / "subscribers.sealed"


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

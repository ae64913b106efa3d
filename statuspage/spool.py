"""What strangers asked for while there was no database: one file each, on the disk before they are answered.

There is room for so many and no more, and a network's share is what it has in the tables: whoever posts a million
forms fills no disk. What we signed ourselves has room of its own; the same asked again is there once.
"""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from core.durable import flush, put
from statuspage import tokens

ROOM: Final = {"typed": 5_000, "signed": 100_000}
SHARE: Final = 20  # of a network, of what was typed
LONGEST: Final = 8_000  # bytes: a form with 200 components
ENDING: Final = ".json"


@dataclass(frozen=True)
class Asked:
    what: str  # subscribe, confirm, leave
    at: str
    client: str
    network: str  # a name for it that is none of the networks' own
    token: str = ""
    fields: Mapping[str, list[str]] | None = None


class Spool:
    def __init__(self, root: Path | None = None) -> None:
        self.root = root or settings.BONGSU_HOME / "spool"

    def keep(self, one: Asked) -> bool:
        """False: there is no room for it. True: it is on the disk."""
        text = json.dumps(asdict(one), ensure_ascii=False).encode()
        if len(text) > LONGEST:
            return False
        kind = "signed" if one.token else "typed"
        what = json.dumps([one.what, one.token, one.fields], sort_keys=True)
        # In the order of time; what is to be counted is in the name, so that nothing has to be read.
        tail = f"-{kind}-{one.network}-{_digest(what)}{ENDING}"
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._held("room.lock"):
            names = [name for name in os.listdir(self.root) if name.endswith(ENDING)]
            if any(name.endswith(tail) for name in names):
                return True
            if sum(f"-{kind}-" in name for name in names) >= ROOM[kind]:
                return False
            share = sum(f"-typed-{one.network}-" in name for name in names)
            if kind == "typed" and share >= SHARE:
                return False
            put(self.root / f"{time.time_ns():020}{tail}", text, mode=0o600)
        return True

    @contextmanager
    def taken(self) -> Iterator[list[Path]]:
        """All that waits, the oldest first; nothing while another takes it."""
        if not self.root.is_dir():
            yield []
            return
        try:
            with self._held("taking.lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
                yield sorted(path for path in self.root.glob(f"*{ENDING}") if path.name[0] != ".")
        except BlockingIOError:
            yield []

    def leaving(self, *, known: Container[str]) -> Iterator[tuple[str, UUID | None]]:
        """Whose wish to leave waits here with no table to write it into, by the files that are not known yet."""
        for path in self.root.glob(f"*-signed-*{ENDING}"):
            if path.name in known:
                continue
            with suppress(FileNotFoundError):  # done in this moment
                one = self.read(path)
                yield path.name, tokens.key_leaving(one.token) if one.what == "leave" else None

    @contextmanager
    def _held(self, name: str, how: int = fcntl.LOCK_EX) -> Iterator[None]:
        with (self.root / name).open("w") as file:
            fcntl.flock(file, how)
            yield

    def read(self, path: Path) -> Asked:
        return Asked(**json.loads(path.read_text()))

    def forget(self, path: Path) -> None:
        path.unlink()
        flush(self.root)

    def set_aside(self, path: Path) -> None:
        """For a person to look at: it would fail again."""
        path.rename(path.with_suffix(".bad"))
        flush(self.root)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]

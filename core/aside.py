"""Folders for a while, each known by a lock: whoever is killed leaves one whose lock nobody holds, and the next clears it away."""

import fcntl
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def aside(above: Path) -> Iterator[Path]:
    """For our eyes only, and gone afterwards."""
    above.mkdir(mode=0o700, parents=True, exist_ok=True)
    for home in dead(above):
        shutil.rmtree(home, ignore_errors=True)
    home = above / uuid.uuid4().hex[:12]
    with held(home, mode=0o700):
        try:
            yield home
        finally:
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def held(home: Path, *, mode: int) -> Iterator[None]:
    """There with its lock held, or not at all: nobody takes it for a dead one's."""
    fresh = home.with_name(f".{home.name}")
    fresh.mkdir(mode=mode)
    with (fresh / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fresh.rename(home)
        yield


def dead(above: Path) -> list[Path]:
    return [home for home in above.glob("[!.]*") if _is_dead(home)]


def _is_dead(home: Path) -> bool:
    with suppress(OSError), (home / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False

"""A PostgreSQL for a while: made from the wheel's programs in a folder aside, and gone afterwards with all that was in it.

Whoever is killed meanwhile leaves a folder whose lock nobody holds: the next one clears it away.
"""

from __future__ import annotations

import fcntl
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from django.conf import settings
from psycopg2.extensions import make_dsn

from config.cluster import SUPERUSER, Cluster
from config.postgres import Connection, EmbeddedPostgres, StartError, running
from integrations.postgresql import Fault

FOLDER: Final = "throwaway"
# Nothing in it has to outlive a power cut, and one session at a time has all of the memory.
SETTINGS: Final = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal",
    "max_wal_senders": "0", "max_connections": "20", "autovacuum": "off",
    "maintenance_work_mem": "256MB", "max_wal_size": "4GB",
}  # fmt: skip


@contextmanager
def server() -> Iterator[str]:
    """Where its superuser reaches it. Raises Fault."""
    above = settings.BONGSU_HOME / FOLDER
    above.mkdir(mode=0o711, parents=True, exist_ok=True)
    clear(above)
    home = above / uuid.uuid4().hex[:12]
    with _locked(home):
        try:
            with running(home, **SETTINGS) as found:
                yield _address(found, Cluster(home).secret("superuser"))
        except StartError as sentence:
            raise Fault(str(sentence)) from sentence
        finally:
            _gone(home)


def _address(found: Connection, secret: str) -> str:
    return str(
        make_dsn(
            host=found.host, port=found.port, user=SUPERUSER, password=secret, dbname="postgres"
        )
    )


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """There with its lock held, or not at all: nobody takes it for a dead one's."""
    fresh = home.with_name(f".{home.name}")
    fresh.mkdir(mode=0o711)
    with (fresh / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fresh.rename(home)
        yield


def _gone(home: Path) -> None:
    for folder in (Cluster(home).sockets, home):  # the sockets may lie under /tmp
        shutil.rmtree(folder, ignore_errors=True)


def clear(above: Path) -> int:
    """How many of dead ones there were."""
    dead = [home for home in above.glob("[!.]*") if _is_dead(home)]
    for home in dead:
        EmbeddedPostgres(home).end_leftover()
        _gone(home)
    return len(dead)


def _is_dead(home: Path) -> bool:
    with suppress(OSError), (home / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False

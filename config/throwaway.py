"""A PostgreSQL for a while: made from the wheel's programs in a folder aside, and gone afterwards with all that was in it.

Whoever is killed meanwhile leaves a folder whose lock nobody holds: the next one clears it away.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from psycopg2.extensions import make_dsn

from config.cluster import SUPERUSER, Cluster
from config.postgres import Connection, EmbeddedPostgres, StartError, running
from core.aside import dead, held
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
    with held(home, mode=0o711):
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


def _gone(home: Path) -> None:
    for folder in (Cluster(home).sockets, home):  # the sockets may lie under /tmp
        shutil.rmtree(folder, ignore_errors=True)


def clear(above: Path) -> int:
    """How many of dead ones there were."""
    gone = dead(above)
    for home in gone:
        EmbeddedPostgres(home).end_leftover()
        _gone(home)
    return len(gone)

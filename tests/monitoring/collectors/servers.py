"""A PostgreSQL of their own for tests that fill its connections and lock its tables."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from config import postgres
from config.cluster import SUPERUSER, Cluster
from config.postgres import EmbeddedPostgres


@dataclass(frozen=True)
class Database:
    where: postgres.Connection

    @property
    def settings(self) -> dict[str, str]:
        """As somebody would type them; the password is in the variable `CHECKED_PASSWORD`."""
        address = f"host={self.where.host} port={self.where.port} user={self.where.user}"
        return {
            "address": f"{address} dbname={self.where.name}",
            "password": "env:CHECKED_PASSWORD",
        }

    def connect(self) -> Any:
        at = self.where
        return psycopg2.connect(
            host=at.host, port=at.port, user=at.user, password=at.password, dbname=at.name
        )


@contextmanager
def database(folder: Path, **settings: str) -> Iterator[Database]:
    with postgres.running(folder, fsync="off", **settings) as where:
        cluster = Cluster(folder)
        granted = cluster.run(
            "psql", f"--host={where.host}", f"--username={SUPERUSER}", "--dbname=template1",
            words=f"GRANT pg_monitor TO {where.user}", PGPASSWORD=cluster.secret("superuser"),
        )  # fmt: skip
        assert granted.returncode == 0, granted.stderr
        yield Database(where)


@contextmanager
def standby(folder: Path, of: Database, primary: Path) -> Iterator[Database]:
    """A second server that follows the first by streaming, as `pg_basebackup` sets it up."""
    first, second = Cluster(primary), EmbeddedPostgres(folder, fsync="off")
    second.cluster.folder.mkdir(mode=0o711, parents=True)
    for kept in first.folder.glob("*.secret"):
        shutil.copy(kept, second.cluster.folder)
    aside = first.folder / "copy"
    done = first.run(
        "pg_basebackup", f"--pgdata={aside}", "--write-recovery-conf", "--checkpoint=fast",
        f"--host={of.where.host}", f"--port={of.where.port}", f"--username={SUPERUSER}",
        PGPASSWORD=first.secret("superuser"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shutil.move(aside, second.cluster.data)
    # It can only read, and has it all from the first.
    vars(second.cluster)["provision"] = lambda: None
    second.start()
    try:
        yield Database(postgres.connection(folder))
    finally:
        second.stop()

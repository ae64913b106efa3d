"""A small wallet's database, its backups, and a worker that is a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from core import clock
from integrations.backups import Backup, make_backup
from runbooks import services
from runbooks.domain.runs import State
from runbooks.models import Database, Host, Run, Runbook, Way
from runbooks.services.loading import load_library
from tests.runbooks.databases import address, session

BASE = Path(__file__).parent.parent.parent
HANDS = BASE / "sandbox" / "hosts" / "bin"
FILLED = """
    CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, kind text CHECK (kind IN ('person', 'company')));
    CREATE TABLE wallets (id int PRIMARY KEY, owner int REFERENCES users, sun numeric(30) NOT NULL DEFAULT 0);
    CREATE TABLE transactions (id bigserial PRIMARY KEY, wallet int REFERENCES wallets, note text);
    INSERT INTO users SELECT n, 'user ' || n, 'person' FROM generate_series(1, 1000) n;
    INSERT INTO wallets SELECT n, n, n * 1000000 FROM generate_series(1, 1000) n;
    INSERT INTO transactions (wallet, note) SELECT 1 + n % 1000, repeat(md5(n::text), 6) FROM generate_series(1, {rows}) n;
    CREATE INDEX ON transactions (wallet) WHERE note <> '';
    CREATE VIEW rich AS SELECT * FROM wallets WHERE sun > 10;
    ALTER DATABASE {name} SET statement_timeout TO '7min';
    REVOKE ALL ON DATABASE {name} FROM PUBLIC"""


@dataclass
class Place:
    """The database, the folder of its backups and the host of its service."""

    name: str
    folder: Path
    home: Path

    @property
    def dsn(self) -> str:
        return address(self.name)

    def backup(self, at: datetime | None = None) -> Backup:
        return make_backup(self.dsn, self.folder, at=at or clock.now(), seconds=600)

    def ask(self, question: str, name: str = "") -> Any:
        with session(address(name or self.name)) as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None

    def counts(self, name: str = "") -> list[int]:
        tables = ("users", "wallets", "transactions")
        return [self.ask(f"SELECT count(*) FROM {one}", name) for one in tables]  # noqa: S608

    def databases(self) -> list[str]:
        """All that belong to it, besides itself."""
        with session(address()) as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1",
                [self.name],
            )
            return [name for (name,) in cursor.fetchall()]

    @property
    def unit(self) -> str:
        return (self.home / "units" / "wallet").read_text().strip()

    def started(self, by: Any, **inputs: Any) -> Run:
        given = {
            "server": "admin", "database": self.name, "folder": str(self.folder),
            "hosts": ["here"], "unit": "wallet", **inputs,
        }  # fmt: skip
        version = Runbook.objects.get(key="data-recovery").current
        return services.start(version, given, by=by, at=clock.database_now())


@contextmanager
def place(folder: Path, *, rows: int = 2_000) -> Iterator[Place]:
    load_library(at=clock.now())
    Database.objects.get_or_create(name="admin")
    Host.objects.get_or_create(name="here", defaults={"way": Way.LOCAL})
    made = Place(f"wallet_{uuid4().hex[:8]}", folder / "backups", folder / "home")
    made.folder.mkdir()
    (made.home / "units").mkdir(parents=True)
    (made.home / "units" / "wallet").write_text("active\n")
    with session(address()) as cursor:
        cursor.execute(f"CREATE DATABASE {made.name} TEMPLATE template0")
    try:
        made.ask(FILLED.format(rows=rows, name=made.name))
        yield made
    finally:
        with session(address()) as cursor:
            for name in made.databases():
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def lose(run: Run) -> None:
    """What the dead worker was at is free at once: nobody waits for its lease to end."""
    run.steps.filter(state=State.RUNNING).update(lease_until=clock.database_now())


def approve(run: Run, by: Any) -> None:
    """What waits for a second person, if anything does."""
    for step in run.steps.select_related("action").filter(
        state=State.WAITING, action__isnull=False
    ):
        if step.action and not step.action.is_over:
            services.approve(step.action, by=by, at=clock.database_now())
            services.execute_next(at=clock.database_now())

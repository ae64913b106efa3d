"""In a home of its own: a database is filled, backed up, restored by pg_restore alone, and tested as the product does it."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from config.throwaway import server  # noqa: E402
from core import clock  # noqa: E402
from integrations import pg_databases, pg_programs  # noqa: E402
from integrations.postgresql import plain_session  # noqa: E402
from integrations.restores import AT_ONCE  # noqa: E402
from maintenance.models import BackupPlan  # noqa: E402
from maintenance.services.backups import back_up  # noqa: E402
from maintenance.services.restoring import test_restore  # noqa: E402
from runbooks.inventory import own  # noqa: E402
from runbooks.models import Database  # noqa: E402

NAME: Final = "ledger"
LONG: Final = 3600.0
FILL: Final = (
    "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)",
    "CREATE TABLE wallets (id int PRIMARY KEY, owner int REFERENCES users, sun numeric(30) NOT NULL)",
    "CREATE TABLE transactions (id bigint PRIMARY KEY, wallet int REFERENCES wallets, note text)",
    "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 1000) n",
    "INSERT INTO wallets SELECT n, n, n * 1000000 FROM generate_series(1, 1000) n",
    "INSERT INTO transactions SELECT n, 1 + n %% 1000, repeat(md5(n::text), 6) FROM generate_series(1, %s) n",
    "CREATE INDEX ON transactions (wallet)",
)


def main(rows: int) -> None:
    call_command("migrate", verbosity=0)
    plan = _plan(rows)
    began = time.monotonic()
    made = back_up(plan, at=clock.database_now())
    took = time.monotonic() - began
    bare = _bare(Path(made.place, f"{made.stem}.dump"))
    tested = test_restore(plan, at=clock.database_now())
    figures = {
        "bytes": made.bytes, "rows": made.rows, "backup": took, "bare": bare, "test": tested.took_seconds,
        "stages": tested.stages, "flaws": made.flaws + tested.flaws,
    }  # fmt: skip
    sys.stdout.write(f"{json.dumps(figures)}\n")


def _plan(rows: int) -> BackupPlan:
    where = pg_databases.within(own(), NAME)
    with plain_session(own(), seconds=LONG) as asked:
        asked.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
    with plain_session(where, seconds=LONG) as asked:
        for statement in FILL:
            asked.execute(statement, *([rows] if "%s" in statement else []))
    database = Database.objects.create(name=NAME, address=where)
    return BackupPlan.objects.create(name=NAME, database=database)


def _bare(dump: Path) -> float:
    """Into the same kind of server, by as many processes."""
    with server() as where:
        with plain_session(where, seconds=60) as asked:
            asked.execute("CREATE DATABASE bare TEMPLATE template0")
        how = ("--exit-on-error", "--no-owner", "--no-privileges", f"--jobs={AT_ONCE}", str(dump))
        began = time.monotonic()
        pg_programs.run("pg_restore", *how, seconds=LONG, dsn=pg_databases.within(where, "bare"))
        return time.monotonic() - began


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""A wallet's database loses a table in the sandbox (M4.1): restored from its backup, compared, swapped, served again."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from config.gamedays.drill import Drill, Say, drill
from core import clock
from core.errors import Refused
from integrations.backups import make_backup
from integrations.pg_databases import drop, marks, named, within
from integrations.postgresql import Fault, plain_session
from runbooks.inventory import dsn

SERVER: Final = "portal"
DATABASE: Final = "bongsu_gameday_wallet"
HOSTS: Final = ["app1", "app2", "app3"]
UNIT: Final = "dantaro-app"
ROWS: Final = 200_000  # 50 MB
FILL: Final = (
    "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)",
    "CREATE TABLE wallets (id int PRIMARY KEY, owner int REFERENCES users, sun numeric(30) NOT NULL)",
    "CREATE TABLE transactions (id bigint PRIMARY KEY, wallet int REFERENCES wallets, note text)",
    "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 1000) n",
    "INSERT INTO wallets SELECT n, n, n * 1000000 FROM generate_series(1, 1000) n",
    "INSERT INTO transactions SELECT n, 1 + n %% 1000, repeat(md5(n::text), 6) FROM generate_series(1, %s) n",
)


def play(say: Say, between: Callable[[], None]) -> str:
    """Raises Refused."""
    folder = settings.BONGSU_HOME / "gameday"
    with drill("Data lost", "P0", say, between) as one, _database() as where:
        try:
            _lost(one, where, folder)
            run = one.run(
                "data-recovery", server=SERVER, database=DATABASE, folder=str(folder), hosts=HOSTS, unit=UNIT,
                least="users=1000,wallets=1000",
            )  # fmt: skip
            _proven(one, where)
            kept = run.steps.get(name="swapped").facts["kept"]
            one.run("database-discard", server=SERVER, name=kept)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return "recovered"


def _lost(one: Drill, where: str, folder: Path) -> None:
    try:
        backup = make_backup(where, folder, at=clock.now(), seconds=300)
    except (Fault, TimeoutError, OSError) as error:
        raise Refused(str(error)) from error
    one.tell(f"BACKUP  {backup.path.stem}  {backup.manifest.size / 1e6:.1f} MB")
    _done(where, "TRUNCATE transactions")
    one.tell(f"LOST  {_rows(where):,} of {ROWS:,} transactions are left")


def _proven(one: Drill, where: str) -> None:
    """Raises Refused."""
    found = _rows(where)
    if found != ROWS:
        raise Refused(_("%(found)d of %(all)d rows are back.") % {"found": found, "all": ROWS})
    one.tell(f"BACK  {found:,} of {ROWS:,} transactions")


@contextmanager
def _database() -> Iterator[str]:
    """A database of the game's own, on the embedded server; it and all that a recovery makes of it are gone afterwards."""
    server = dsn(SERVER)
    _gone(server)
    with plain_session(server, seconds=60) as asked:
        asked.execute(f"CREATE DATABASE {named(DATABASE)} TEMPLATE template0")
    try:
        where = within(server, DATABASE)
        for statement in FILL:
            _done(where, statement, *([ROWS] if "%s" in statement else []))
        yield where
    finally:
        _gone(server)


def put_back() -> None:
    _gone(dsn(SERVER))
    shutil.rmtree(settings.BONGSU_HOME / "gameday", ignore_errors=True)


def _gone(server: str) -> None:
    for name in marks(server, seconds=30):
        if name.startswith(DATABASE):
            drop(server, name, seconds=60)


def _done(where: str, statement: str, *values: Any) -> None:
    with plain_session(where, seconds=300) as asked:
        asked.execute(statement, *values)


def _rows(where: str) -> int:
    with plain_session(where, seconds=60) as asked:
        return int(asked.row("SELECT count(*) FROM transactions")[0])

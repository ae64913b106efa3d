"""What the application says of a restored database: ours by its own commands, others by the statement of their plan."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote

from django.conf import settings
from psycopg2.extensions import make_dsn, parse_dsn

from integrations import pg_databases
from integrations.postgresql import Fault, plain_session, session
from maintenance.domain.flaws import Flaw
from maintenance.models import BackupPlan

CHECK: Final = 1800.0  # seconds


def checked(plan: BackupPlan, where: str) -> list[Flaw]:
    """What the application itself says: of ours its own commands, of others the statement of the plan."""
    found = _by_statement(plan.check_sql, where) if plan.check_sql.strip() else []
    return found + (_by_portal(where) if plan.is_ours else [])


def _by_statement(statement: str, where: str) -> list[Flaw]:
    try:
        with _reader(where) as reader, session(reader, seconds=CHECK) as asked:
            rows = asked.rows(statement)
    except Fault as fault:
        return [Flaw("check", {"said": str(fault)[:500]})]
    right = bool(rows) and rows[0][0] is True
    return [] if right else [Flaw("check", {"said": str(rows[0][0]) if rows else "–"})]


@contextmanager
def _reader(where: str) -> Iterator[str]:
    """Whoever writes the statement shall not be a superuser here, who may run programs."""
    name, secret = str(parse_dsn(where)["dbname"]), secrets.token_hex(16)
    who = pg_databases.named(name)
    with plain_session(where, seconds=CHECK) as asked:
        if not asked.row("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0]:
            yield where
            return
        asked.execute(f"CREATE ROLE {who} LOGIN PASSWORD '{secret}' IN ROLE pg_read_all_data")
        try:
            yield str(make_dsn(where, user=name, password=secret))
        finally:
            asked.execute(f"DROP ROLE {who}")


def _by_portal(where: str) -> list[Flaw]:
    """In a process of its own, which knows no other database."""
    env = os.environ | {"DATABASE_URL": url_of(where)}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "check_restored"]
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            command, env=env, capture_output=True, text=True, timeout=CHECK, check=False,
            stdin=subprocess.DEVNULL, cwd=settings.BASE_DIR,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [Flaw("check", {"said": f"check_restored took longer than {CHECK:.0f} s"})]
    try:
        return [Flaw.of(one) for one in json.loads(done.stdout.strip().rpartition("\n")[2])]
    except (ValueError, KeyError, TypeError):
        last = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2]
        return [Flaw("check", {"said": last[:500] or f"exit {done.returncode}"})]


def url_of(where: str) -> str:
    """As DATABASE_URL; a folder of sockets stands before the name of the database."""
    found = {key: str(value) for key, value in parse_dsn(where).items()}
    who = f"{quote(found.get('user', ''), safe='')}:{quote(found.get('password', ''), safe='')}"
    host, port = found.get("host", ""), found.get("port", "5432")
    if host.startswith("/"):
        return f"postgres://{who}@:{port}/{host}/{found['dbname']}"
    return f"postgres://{who}@{host or 'localhost'}:{port}/{found['dbname']}"

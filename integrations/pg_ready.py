"""Whether a PostgreSQL can take in a dump: where its files are, how much room it needs, and what only a superuser may make."""

from collections.abc import Collection
from pathlib import Path

from psycopg2.extensions import parse_dsn

from integrations.postgresql import Session

LOOPBACK = ("localhost", "::1")
MISSING, SUPERUSER = "missing", "superuser"


def address_of(dsn: str) -> str:
    """The machine that it leads to; nothing where it is this one."""
    host = str(parse_dsn(dsn).get("host", ""))
    here = not host or host.startswith(("/", "@", "127.")) or host in LOOPBACK
    return "" if here else host


def data_directory(asked: Session) -> Path | None:
    """None where the account may not know it: that takes pg_read_all_settings."""
    rows = asked.rows("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
    return Path(rows[0][0]) if rows else None


def size_of(asked: Session, database: str) -> int:
    """In bytes; 0 where there is none of this name, or it may not be looked at."""
    rows = asked.rows(
        "SELECT pg_database_size(oid) FROM pg_database WHERE datname = %s"
        " AND (has_database_privilege(oid, 'CONNECT') OR pg_has_role('pg_read_all_stats', 'USAGE'))",
        database,
    )
    return int(rows[0][0]) if rows else 0


def cannot_make(asked: Session, extensions: Collection[str]) -> dict[str, str]:
    """Of these, each that the account cannot create here, and why."""
    if not extensions:
        return {}
    rows = asked.rows(
        "SELECT name, bool_or(trusted OR NOT superuser OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))"
        " FROM pg_available_extension_versions WHERE name = ANY (%s) GROUP BY name",
        list(extensions),
    )
    known = dict(rows)
    found = {name: MISSING for name in extensions if name not in known}
    return found | {name: SUPERUSER for name, may in known.items() if not may}

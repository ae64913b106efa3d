"""What is in a database, so that a backup of it can be held against what became of it."""

import hashlib
from collections.abc import Iterable
from typing import Final

from integrations.pg_databases import named
from integrations.postgresql import Session

TABLES: Final = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
      AND n.nspname <> 'information_schema' AND NOT starts_with(n.nspname, 'pg_')
    ORDER BY 1, 2"""
# What a dump brings back letter by letter; texts of expressions come back written in another way.
SCHEMA: Final = """
    WITH ours AS (
        SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname <> 'information_schema' AND NOT starts_with(n.nspname, 'pg_') AND c.relpersistence = 'p'
    )
    SELECT 'relation ' || name || ' ' || relkind::text FROM ours
    UNION ALL
    SELECT 'column ' || name || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull::text || ' ' || atthasdef::text
    FROM ours JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT 'constraint ' || name || '.' || conname || ' ' || contype::text
           || CASE WHEN contype IN ('p', 'u', 'f') THEN ' ' || pg_get_constraintdef(c.oid) ELSE '' END
    FROM ours JOIN pg_constraint c ON conrelid = ours.oid WHERE contype <> 'n'
    UNION ALL
    SELECT 'trigger ' || name || '.' || tgname FROM ours JOIN pg_trigger ON tgrelid = ours.oid WHERE NOT tgisinternal"""


def rows_of(asked: Session, tables: Iterable[str] = ()) -> dict[str, int]:
    """Exactly counted. Raises Fault, also where there is no such table."""
    names = [tuple(one.split(".", 1)) for one in tables] or asked.rows(TABLES)
    return {
        f"{schema}.{table}": int(
            asked.row(f"SELECT count(*) FROM {named(schema)}.{named(table)}")[0]  # noqa: S608 - quoted names
        )
        for schema, table in names
    }


def schema_of(asked: Session) -> str:
    """The same for a database and for what its dump makes of an empty one."""
    asked.execute("SET LOCAL search_path = pg_catalog")
    found = hashlib.sha256()
    for line in sorted(str(line) for (line,) in asked.rows(SCHEMA)):
        found.update(f"{line}\n".encode())
    return found.hexdigest()

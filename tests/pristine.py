"""The database as the migrations left it: what a test commits is taken away again, and only that.

Django empties every table there is, which takes longer than most of the tests that commit, and
forgets the tables that are no model's.
"""

from dataclasses import dataclass
from itertools import chain
from typing import Self

from django.db import connection, transaction

from tests.planted import PUT, ROWS

# S608: the names are those of our own tables.
TABLES = """
SELECT quote_ident(relname),
       EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal),
       has_table_privilege(oid, 'UPDATE')
  FROM pg_class
 WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
"""
PARTS = """
SELECT quote_ident(relname) FROM pg_class
 WHERE relispartition AND relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""
LOOK = "SELECT '{table}', count(*), max(xmin::text::bigint) FROM {table}"


@dataclass(frozen=True)
class Table:
    name: str
    is_guarded: bool  # by triggers
    may_be_changed: bool
    rows: list[str]

    def fences(self, *, up: bool) -> list[str]:
        """What keeps its rows from being deleted, taken down or put up again."""
        table, order, grant = self.name, "ENABLE" if up else "DISABLE", "REVOKE" if up else "GRANT"
        towards = "FROM" if up else "TO"
        triggers = [f"ALTER TABLE {table} {order} TRIGGER USER"] if self.is_guarded else []
        right = [f"{grant} UPDATE, DELETE ON {table} {towards} CURRENT_USER"]
        return triggers + ([] if self.may_be_changed else right)

    def restored(self) -> list[str]:
        """In it, afterwards, is what was there at first."""
        emptied = f"DELETE FROM {self.name}"  # noqa: S608
        if not self.rows:
            return [emptied]
        with connection.cursor() as cursor:
            put = cursor.mogrify(PUT.format(table=self.name), [f"[{','.join(self.rows)}]"])
        return [emptied, put.decode()]


class Pristine:
    def __init__(self, tables: list[Table]) -> None:
        self.tables = tables
        self.look = " UNION ALL ".join(LOOK.format(table=table.name) for table in tables)
        self.seen, self.parts = self._seen(), self._parts()

    @classmethod
    def now(cls) -> Self:
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            found = cursor.fetchall()
        return cls([Table(*each, rows=_rows(each[0])) for each in found])

    def restore(self) -> None:
        """Rows are told apart by the transaction that wrote them: a count does not see a change."""
        seen = self._seen()
        touched = [table for table in self.tables if seen[table.name] != self.seen[table.name]]
        grown = self._parts() - self.parts
        if not (touched or grown):
            return
        # To delete a row, PostgreSQL locks what refers to it, which wants the right to change that.
        fenced = [table for table in self.tables if table in touched or not table.may_be_changed]
        steps = [
            *chain.from_iterable(table.fences(up=False) for table in fenced),
            "SET CONSTRAINTS ALL DEFERRED",
            *chain.from_iterable(table.restored() for table in touched),
            "SET CONSTRAINTS ALL IMMEDIATE",
            *chain.from_iterable(table.fences(up=True) for table in fenced),
            *(f"DROP TABLE {part}" for part in sorted(grown)),
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(";\n".join(steps))
        self.seen = self._seen()

    def _parts(self) -> set[str]:
        """By which partitioned tables have grown: what is tested of them counts on none."""
        with connection.cursor() as cursor:
            cursor.execute(PARTS)
            return {name for (name,) in cursor.fetchall()}

    def _seen(self) -> dict[str, tuple[int, int | None]]:
        with connection.cursor() as cursor:
            cursor.execute(self.look)
            return {table: (count, newest) for table, count, newest in cursor.fetchall()}


def _rows(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(table=table))
        return [row for (row,) in cursor.fetchall()]

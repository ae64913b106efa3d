"""The seeds as rows: planting them anew for each of a thousand tests would be a fifth of the run.

Planted once, as the product does it, read back, and taken away again; from then on one statement
puts the same rows where a test wants them.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction

from config.seeds.planting import plant

# S608: the names are those of our own tables.
ROWS = "SELECT row_to_json(old)::text FROM {table} AS old ORDER BY old.ctid"
PUT = "INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s)"
NUMBER = "SELECT setval(pg_get_serial_sequence('{table}', '{key}'), max({key})) FROM {table}"


@dataclass(frozen=True)
class Planted:
    statement: str

    @classmethod
    def once(cls, password: str) -> "Planted":
        """What is there before, from migrations, stays out of it."""
        models = apps.get_models(include_auto_created=True)
        tables = {model._meta.db_table: model._meta.pk for model in models}
        with transaction.atomic():
            before = {table: set(_rows(table)) for table in tables}
            plant(password)
            after = {table: _rows(table) for table in tables}
            transaction.set_rollback(True)
        assert all(before[table] <= set(after[table]) for table in tables), "planting changed a row"
        new = {
            table: [row for row in rows if row not in before[table]]
            for table, rows in after.items()
        }
        parts = [
            part for table, rows in sorted(new.items()) if rows
            for part in _put(table, rows, key=tables[table])
        ]  # fmt: skip
        return cls(";\n".join(parts))

    def put(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.statement)


def _rows(table: str) -> list[str]:
    """In the order in which they were written: so they come again where nobody asks for another."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(table=connection.ops.quote_name(table)))
        return [row for (row,) in cursor.fetchall()]


def _put(table: str, rows: list[str], *, key) -> list[str]:
    """The rows, and the number that the next one takes."""
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        put = cursor.mogrify(PUT.format(table=name), [f"[{','.join(rows)}]"]).decode()
    is_numbered = key.get_internal_type() in {"AutoField", "BigAutoField"}
    return [put, *([NUMBER.format(table=name, key=key.column)] if is_numbered else [])]

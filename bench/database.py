"""The product's database, asked directly: what is stored is what counts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import IO, Any

import psycopg2

from config import postgres

UNREAD = "SELECT count(*) FROM monitoring_alert WHERE unread"
UNDONE = "SELECT count(*) FROM notifications_delivery WHERE state IN ('pending', 'leased')"
WITHDRAW = "UPDATE notifications_delivery SET state = 'cancelled' WHERE state = 'pending'"


class Database:
    def __init__(self, home: Path) -> None:
        found = postgres.connection(home)
        self._connection = psycopg2.connect(
            host=found.host,
            port=found.port,
            user=found.user,
            password=found.password,
            dbname=found.name,
            application_name="bench",
        )
        self._connection.autocommit = True

    def run(self, sql: str, *values: object) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)

    def copy(self, sql: str, rows: IO[str]) -> None:
        with self._connection.cursor() as cursor:
            cursor.copy_expert(sql, rows)

    def one(self, sql: str, *values: object) -> Any:
        """The one value of the one row."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            (value,) = cursor.fetchone()
        return value

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def settle(self, *, within: float = 60.0) -> None:
        """Let nothing of one measure weigh on the next: alerts are read, pages gone or withdrawn."""
        deadline = time.monotonic() + within
        while self.one(UNREAD) and time.monotonic() < deadline:
            time.sleep(0.2)
        self.run(WITHDRAW)
        while self.one(UNDONE) and time.monotonic() < deadline:
            time.sleep(0.2)

"""Sessions on other people's PostgreSQL: nothing is written, and everything ends in time."""

import contextlib
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg2
from psycopg2 import extensions

from integrations.tcp import left

CANCELLED: Final = "57014"
SHARE: Final = 0.9  # of what is left, so that the server gives up first and says so


class Fault(Exception):
    """What the server or the way to it said; `code` is PostgreSQL's own, where there is one."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


@contextmanager
def session(dsn: str, *, password: str = "", seconds: float) -> Iterator["Session"]:
    """One transaction that can only read, and is rolled back. Raises Fault or TimeoutError.

    The connection never blocks: the driver itself would wait for ever for a server that has stopped
    in the middle of an answer.
    """
    until = time.monotonic() + seconds
    given = {"password": password} if password else {}
    try:
        connection = psycopg2.connect(
            dsn, async_=True, application_name="bongsu-check", client_encoding="UTF8", **given
        )
    except psycopg2.Error as error:
        raise Fault(_first_line(error)) from error
    with contextlib.closing(connection):
        opened = Session(connection, until)
        opened.begin()
        yield opened


class Session:
    def __init__(self, connection: Any, until: float) -> None:
        self._connection, self._until = connection, until

    @property
    def version(self) -> int:
        """Such as 180003."""
        return int(self._connection.server_version)

    def begin(self) -> None:
        self._wait()
        self.execute("BEGIN TRANSACTION READ ONLY")
        milliseconds = max(1, int(left(self._until) * SHARE * 1000))
        self.execute(f"SET LOCAL statement_timeout = {milliseconds}")

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """All of them: whoever asks bounds the question."""
        found: list[tuple[Any, ...]] = self.execute(question, *values).fetchall()
        return found

    def row(self, question: str, *values: object) -> tuple[Any, ...]:
        return self.rows(question, *values)[0]

    def execute(self, statement: str, *values: object) -> Any:
        cursor = self._connection.cursor()
        try:
            cursor.execute(statement, values or None)
        except psycopg2.Error as error:
            raise Fault(_first_line(error), error.pgcode or "") from error
        self._wait()
        return cursor

    def _wait(self) -> None:
        while True:
            try:
                state = self._connection.poll()
            except psycopg2.Error as error:
                if error.pgcode == CANCELLED:
                    raise TimeoutError("timed out") from error
                raise Fault(_first_line(error), error.pgcode or "") from error
            if state == extensions.POLL_OK:
                return
            door = self._connection.fileno()
            waits = ([door], []) if state == extensions.POLL_READ else ([], [door])
            select.select(*waits, [], left(self._until))


def _first_line(error: Exception) -> str:
    """What happened, without the advice behind it and the driver's prefix before it."""
    text = str(error).strip().splitlines()
    return text[0].rpartition(" failed: ")[2] if text else type(error).__name__

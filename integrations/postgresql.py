"""Sessions on other people's PostgreSQL: nothing is written unless asked for, and everything ends in time."""

import contextlib
import select
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg2
from psycopg2 import extensions

from core.told import Told
from core.told import Told as _
from integrations.tcp import left

CANCELLED: Final = "57014"
SHARE: Final = 0.9  # of what is left, so that the server gives up first and says so


class Fault(Exception):
    """What the server or the way to it said; `code` is PostgreSQL's own, where there is one."""

    def __init__(self, text: str | Told, code: str = "") -> None:
        super().__init__(text)
        self.code = code


@contextmanager
def session(
    dsn: str, *, password: str = "", seconds: float, writes: bool = False
) -> Iterator["Session"]:
    """One transaction that can only read unless it `writes`, rolled back unless committed. Raises Fault or TimeoutError.

    The connection never blocks: the driver itself would wait for ever for a server that has stopped
    in the middle of an answer.
    """
    with _opened(dsn, password, seconds) as opened:
        opened.begin(writes=writes)
        yield opened


@contextmanager
def plain_session(dsn: str, *, seconds: float) -> Iterator["Session"]:
    """Each statement by itself, at once: for what PostgreSQL does in no transaction, such as CREATE DATABASE."""
    with _opened(dsn, "", seconds) as opened:
        opened.ready()
        yield opened


@contextmanager
def _opened(dsn: str, password: str, seconds: float) -> Iterator["Session"]:
    until = time.monotonic() + seconds
    given = {"password": password} if password else {}
    try:
        connection = psycopg2.connect(
            dsn, async_=True, application_name="bongsu-check", client_encoding="UTF8", **given
        )
    except psycopg2.ProgrammingError:  # its own words would repeat the address, and what is in it
        raise Fault(_("The address is none of a PostgreSQL.")) from None
    except psycopg2.Error as error:
        raise Fault(_first_line(error)) from error
    with contextlib.closing(connection):
        yield Session(connection, until)


class Session:
    def __init__(self, connection: Any, until: float) -> None:
        self._connection, self._until = connection, until

    @property
    def version(self) -> int:
        """Such as 180003."""
        return int(self._connection.server_version)

    def ready(self) -> None:
        self._wait()

    def begin(self, *, writes: bool = False) -> None:
        self._wait()
        self.execute("BEGIN" if writes else "BEGIN TRANSACTION READ ONLY")
        milliseconds = max(1, int(left(self._until) * SHARE * 1000))
        self.execute(f"SET LOCAL statement_timeout = {milliseconds}")

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """All of them: whoever asks bounds the question."""
        found: list[tuple[Any, ...]] = self.execute(question, *values).fetchall()
        return found

    def row(self, question: str, *values: object) -> tuple[Any, ...]:
        return self.rows(question, *values)[0]

    def table(
        self, statement: str, values: Mapping[str, object], *, most: int
    ) -> list[dict[str, Any]]:
        """The rows by the names of their columns; none where the statement gives none."""
        cursor = self.execute(statement, values)
        if cursor.description is None:
            return []
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(most)]

    def number(self) -> str:
        """Of this transaction, by which `became` finds out about it."""
        return str(self.row("SELECT pg_current_xact_id()::text")[0])

    def commit(self) -> None:
        self.execute("COMMIT")

    def execute(self, statement: str, *values: object) -> Any:
        """`values` in their order, or one mapping of names."""
        given: Any = values[0] if len(values) == 1 and isinstance(values[0], Mapping) else values
        cursor = self._connection.cursor()
        try:
            cursor.execute(statement, given or None)
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


def became(dsn: str, number: str, *, seconds: float) -> str | None:
    """Of a transaction: committed, aborted or in progress; None when it is too long ago. Raises Fault or TimeoutError."""
    with session(dsn, seconds=seconds) as asked:
        found = asked.row("SELECT pg_xact_status(%s::text::xid8)", number)[0]
    return str(found) if found else None


def _first_line(error: Exception) -> str:
    """What happened, without the advice behind it and the driver's prefix before it."""
    text = str(error).strip().splitlines()
    return text[0].rpartition(" failed: ")[2] if text else type(error).__name__

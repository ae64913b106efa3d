"""A throw-away database on the tests' server, and sessions on it that stand in each other's way."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import Thread
from typing import Any

import psycopg2
from psycopg2.extensions import make_dsn

from runbooks.inventory import own


def address(name: str = "") -> str:
    return str(make_dsn(own(), dbname=name)) if name else own()


@contextmanager
def session(dsn: str, *, application: str = "app", autocommit: bool = True) -> Iterator[Any]:
    with closing(psycopg2.connect(dsn, application_name=application)) as connection:
        connection.autocommit = autocommit
        yield connection.cursor()


def until(found: Callable[[], Any], within: float = 15.0) -> Any:
    ends = time.monotonic() + within
    while not (value := found()):
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.02)
    return value


@contextmanager
def blocked(dsn: str, table: str, *, waiting: int) -> Iterator[int]:
    """One session in a transaction holds the table, so many others wait behind it; the PID of the first."""
    with ExitStack() as stack:
        holder = stack.enter_context(session(dsn, application="holder", autocommit=False))
        holder.execute(f"LOCK TABLE {table}")
        pid = holder.connection.info.backend_pid
        for _one in range(waiting):
            waits = stack.enter_context(session(dsn, application="waiter"))
            Thread(target=_try, args=[waits, f"SELECT FROM {table}"], daemon=True).start()
        with session(dsn) as looks:
            until(lambda: _waiting(looks) == waiting)
        try:
            yield pid
        finally:
            _all_gone(dsn)


def _all_gone(dsn: str) -> None:
    """A session in the midst of a statement could not be closed from here."""
    with session(dsn) as looks:
        looks.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name IN ('holder', 'waiter')"
        )


def _waiting(cursor: Any) -> int:
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'waiter' AND wait_event_type = 'Lock'"
    )
    return int(cursor.fetchone()[0])


def _try(cursor: Any, statement: str) -> None:
    try:
        cursor.execute(statement)
    except psycopg2.Error:
        return

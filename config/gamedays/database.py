"""Sessions stand in each other's way in the sandbox (M2.2): diagnosed, the root ended, and those left open as well."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import Thread
from typing import Any, Final

import psycopg2

from config.gamedays.drill import Drill, Say, drill, must_say
from integrations.pg_databases import drop, named, within
from integrations.postgresql import Fault, plain_session
from runbooks.inventory import dsn

NAME: Final = "portal"  # the connection, and by it the server
DATABASE: Final = "bongsu_gameday"
WAITING: Final = 3
IDLE: Final = "10s"
WAITERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
)
SLEEPS: Final = """
    SELECT count(*) FROM pg_stat_activity
    WHERE pid = %s AND state = 'idle in transaction' AND state_change < clock_timestamp() - %s::interval"""
ALIVE: Final = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"


def play(say: Say, between: Callable[[], None]) -> str:
    """Raises Refused."""
    with (
        drill("Database blocked", "P2", say, between) as one,
        _database() as where,
        ExitStack() as held,
    ):
        holder, waiters = _blocked(where, held)
        one.until(lambda: _counted(where, WAITERS, DATABASE) == WAITING)
        one.tell(f"BLOCKED  PID {holder} holds the table, {WAITING} wait")
        must_say(
            one.run("database-diagnose", database=NAME),
            "blockers",
            f"PID {holder}",
            f"{WAITING} waiting",
        )
        one.run("database-end-blockers", database=NAME, pids=str(holder))
        one.until(lambda: not _counted(where, ALIVE, holder))
        for waiter in waiters:
            waiter.join(30)
        one.tell(f"FREE  PID {holder} is gone, {WAITING} went on")
        _idle(one, where, held)
    return "recovered"


def _idle(one: Drill, where: str, held: ExitStack) -> None:
    sleeper = held.enter_context(_session(where, "gameday-sleeper"))
    sleeper.cursor().execute("SELECT 1")
    pid = sleeper.info.backend_pid
    one.tell(f"IDLE  PID {pid} left its transaction open")
    one.until(lambda: _counted(where, SLEEPS, pid, IDLE) == 1)
    must_say(
        one.run("database-end-idle", database=NAME, age=IDLE), "ended", f"PID {pid} ", "was ended"
    )
    one.until(lambda: not _counted(where, ALIVE, pid))
    one.tell(f"FREE  PID {pid} is gone")
    must_say(one.run("database-diagnose", database=NAME), "blockers", "No session blocks another")


@contextmanager
def _database() -> Iterator[str]:
    """A database of the game's own, on the embedded server; gone afterwards."""
    server = dsn(NAME)
    drop(server, DATABASE, seconds=30)
    with plain_session(server, seconds=60) as asked:
        asked.execute(f"CREATE DATABASE {named(DATABASE)} TEMPLATE template0")
    try:
        where = within(server, DATABASE)
        with plain_session(where, seconds=10) as asked:
            asked.execute("CREATE TABLE wallets (id int)")
        yield where
    finally:
        drop(server, DATABASE, seconds=30)


def put_back() -> None:
    drop(dsn(NAME), DATABASE, seconds=30)


@contextmanager
def _session(where: str, name: str) -> Iterator[Any]:
    with closing(psycopg2.connect(where, application_name=name, connect_timeout=10)) as connection:
        yield connection


def _blocked(where: str, held: ExitStack) -> tuple[int, list[Thread]]:
    holder = held.enter_context(_session(where, "gameday-holder"))
    holder.cursor().execute("LOCK TABLE wallets")
    waiters = [Thread(target=_wait, args=[where], daemon=True) for _one in range(WAITING)]
    for waiter in waiters:
        waiter.start()
    return holder.info.backend_pid, waiters


def _wait(where: str) -> None:
    """It ends by itself, whatever becomes of the game."""
    try:
        with _session(where, "gameday-waiter") as waits:
            waits.cursor().execute("SET statement_timeout = '5min'; SELECT count(*) FROM wallets")
    except psycopg2.Error:
        return


def _counted(where: str, question: str, *values: object) -> int:
    try:
        with plain_session(where, seconds=10) as asked:
            return int(asked.row(question, *values)[0])
    except (Fault, TimeoutError):
        return -1

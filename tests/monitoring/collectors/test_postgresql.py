"""Against a real PostgreSQL with few connections, real locks and queries that take long."""

import contextlib
import signal
import socket
import threading
from collections.abc import Iterator

import psutil
import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from monitoring.registry import collectors
from tests.monitoring.collectors.servers import Database, database, standby
from tests.running import until

pytestmark = pytest.mark.enable_socket
LIMIT = 8


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    settings = {"max_connections": str(LIMIT + 3), "superuser_reserved_connections": "3"}
    with database(tmp_path_factory.mktemp("pg"), deadlock_timeout="100ms", **settings) as server:
        yield server


@pytest.fixture(autouse=True)
def there(server, monkeypatch):
    monkeypatch.setenv("CHECKED_PASSWORD", server.where.password)
    with translation.override("en"):
        yield


@pytest.fixture
def look(take, server):
    return lambda **more: take("postgresql", **server.settings | more)


@pytest.fixture
def connect(server):
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(contextlib.closing(server.connect()))


def test_a_server_at_rest_is_read_in_all_respects(look):
    found = look()

    assert found.fault == ""
    assert found.value("postgresql_accepting") == 1
    assert found.value("postgresql_connections_limit") == LIMIT
    assert found.value("postgresql_connections_used") == 100 / LIMIT
    assert found.value("postgresql_database_size") > 1_000_000
    assert 0 < found.value("postgresql_cache_hit") <= 100
    assert found.value("postgresql_wraparound_used") < 1
    assert found.value("postgresql_longest_query_seconds") == 0
    assert (found.value("postgresql_standby"), found.value("postgresql_replicas")) == (0, 0)


def test_connections_are_told_apart_by_what_they_do(look, connect):
    connect().set_session(autocommit=True)
    connect().cursor().execute("SELECT 1")

    found = look()

    assert found.value("postgresql_connections", state="idle") == 1
    assert found.value("postgresql_connections", state="idle in transaction") == 1
    assert found.value("postgresql_connections", state="active") == 0
    assert found.value("postgresql_connections_used") == 300 / LIMIT


def test_a_long_query_shows_by_how_long_it_runs(look, connect):
    slow = connect()
    with background(lambda: slow.cursor().execute("SELECT pg_sleep(30)")):
        try:
            assert until(lambda: look().value("postgresql_longest_query_seconds") > 0.5, within=20)
            assert look().value("postgresql_longest_transaction_seconds") > 0.5
        finally:
            slow.cancel()


def test_who_waits_for_a_lock_shows_and_for_how_long(look, connect):
    holder, waiter = connect(), connect()
    holder.cursor().execute("CREATE TABLE wallet (id int)")
    holder.commit()
    holder.cursor().execute("LOCK TABLE wallet")
    with background(lambda: waiter.cursor().execute("SELECT * FROM wallet")):
        try:
            assert until(lambda: look().value("postgresql_locks_waiting") == 1, within=20)
            assert until(
                lambda: look().value("postgresql_longest_lock_wait_seconds") > 0.3, within=20
            )
            assert look().value("postgresql_longest_idle_in_transaction_seconds") > 0.3
        finally:
            holder.rollback()
    waiter.rollback()
    assert look().value("postgresql_locks_waiting") == 0


def test_a_deadlock_is_counted(look, connect):
    one, other = connect(), connect()
    one.cursor().execute("CREATE TABLE IF NOT EXISTS pair AS SELECT n FROM generate_series(1, 2) n")
    one.commit()
    before = look().value("postgresql_deadlocks_total")
    lock = "SELECT * FROM pair WHERE n = %s FOR UPDATE"
    one.cursor().execute(lock, [1])
    other.cursor().execute(lock, [2])

    def cross():
        with contextlib.suppress(psycopg2.errors.DeadlockDetected):
            one.cursor().execute(lock, [2])

    with background(cross), contextlib.suppress(psycopg2.errors.DeadlockDetected):
        other.cursor().execute(lock, [1])
    one.close()
    other.close()

    assert until(lambda: look().value("postgresql_deadlocks_total") == before + 1, within=20)


def test_dead_rows_are_counted(look, connect):
    writer = connect()
    writer.set_session(autocommit=True)
    cursor = writer.cursor()
    cursor.execute("CREATE TABLE worn WITH (autovacuum_enabled = off) AS SELECT 1 AS n")
    cursor.execute("INSERT INTO worn SELECT n FROM generate_series(1, 99) AS n")
    cursor.execute("UPDATE worn SET n = n + 1")
    writer.close()

    assert until(lambda: look().value("postgresql_dead_rows") >= 100, within=20)
    assert 0 < look().value("postgresql_dead_rows_share") <= 100


def test_a_server_that_is_full_says_so_and_is_there(look, connect):
    for _ in range(LIMIT):
        connect()

    found = look()

    assert [(one.name, one.value) for one in found.readings] == [("postgresql_accepting", 0)]
    assert found.fault == "It takes no more connections: all are in use."


def test_a_wrong_password_is_said_without_it(look, monkeypatch):
    monkeypatch.setenv("CHECKED_PASSWORD", "open-sesame")

    found = look()

    assert found.fault == "It refuses this user or password."
    assert not found.readings, "the door is not closed, the key is wrong"


def test_an_address_that_is_none_is_not_repeated(take, monkeypatch):
    monkeypatch.setenv("WHOLE", "postgresql://bongsu:open-sesame@[/x")

    found = take("postgresql", address="env:WHOLE")

    assert found.fault == "The variable holds no address of a PostgreSQL."


@pytest.mark.django_db
def test_the_portals_own_database_needs_no_address(take):
    found = take("postgresql", address="portal")

    assert found.fault == ""
    assert found.value("postgresql_accepting") == 1


@pytest.mark.parametrize(
    "address",
    ["postgresql://me:open-sesame@db/app", "host=db password=open-sesame", "somewhere", ""],
)
def test_no_password_is_taken_in_an_address(address):
    with pytest.raises(ValidationError) as refusal:
        collectors["postgresql"].cleaned({"address": address})

    assert "address" in refusal.value.message_dict


def test_who_takes_the_connection_and_says_nothing_is_left_in_time(take):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        found = take("postgresql", address=f"host=127.0.0.1 port={port} user=a", timeout=0.5)

    assert found.fault == "No answer within 0.5 seconds."
    assert [(one.name, one.value) for one in found.readings] == [("postgresql_accepting", 0)]


@pytest.mark.parametrize("host", ["127.0.0.1", "/nowhere"])
def test_where_nothing_listens_nobody_is_taken_in(take, host):
    found = take("postgresql", address=f"host={host} port=1 user=a")

    assert found.fault
    assert [(one.name, one.value) for one in found.readings] == [("postgresql_accepting", 0)]


def test_a_name_that_nobody_knows_is_no_closed_door(take):
    assert not take("postgresql", address="host=nowhere.invalid user=a").readings


def test_a_server_that_stops_in_the_middle_is_left_in_time(look, server, connect):
    """The driver by itself would wait for ever."""
    pid = connect().info.backend_pid
    stopped = psutil.Process(pid).parent()
    stopped.send_signal(signal.SIGSTOP)
    try:
        assert look(timeout=0.5).fault == "No answer within 0.5 seconds."
    finally:
        stopped.send_signal(signal.SIGCONT)


def test_a_standby_says_how_far_it_is_behind_and_so_does_its_primary(take, tmp_path, monkeypatch):
    home = tmp_path / "primary"
    home.mkdir()
    with database(home) as first, standby(tmp_path / "standby", first, home) as second:
        monkeypatch.setenv("CHECKED_PASSWORD", first.where.password)
        with contextlib.closing(first.connect()) as writer:
            writer.cursor().execute("CREATE TABLE moved AS SELECT generate_series(1, 1000)")
            writer.commit()
        assert until(
            lambda: take("postgresql", **first.settings).value("postgresql_replicas"), within=20
        )

        primary, follower = (take("postgresql", **one.settings) for one in (first, second))

    assert primary.value("postgresql_replica_lag_bytes", replica="walreceiver") >= 0
    assert primary.value("postgresql_replica_lag_seconds", replica="walreceiver") >= 0
    assert follower.fault == ""
    assert follower.value("postgresql_standby") == 1
    assert 0 <= follower.value("postgresql_replication_lag_seconds") < 60


@contextlib.contextmanager
def background(work):
    def forgiving():
        with contextlib.suppress(psycopg2.Error):
            work()

    thread = threading.Thread(target=forgiving)
    thread.start()
    try:
        yield
    finally:
        thread.join(30)

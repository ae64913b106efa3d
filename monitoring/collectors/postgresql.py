import time
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from integrations.postgresql import Session
from monitoring.asking_postgresql import DatabaseForm, asked
from monitoring.collector import Collector, Reading, Refusing, Settings
from monitoring.registry import collectors

STATES: Final = ("active", "idle", "idle in transaction", "idle in transaction (aborted)")
MOST: Final = 20  # replicas and slots that are told apart
WRAPAROUND: Final = 2**31
WAITSTART: Final = 140_000  # the version in which a wait has a beginning

# Of other clients than ourselves. Whoever lacks pg_monitor sees that they are there, not what they do.
CLIENTS = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
CONNECTIONS = f"SELECT coalesce(state, 'hidden'), count(*)::int {CLIENTS} GROUP BY 1"
LIMIT = """
SELECT current_setting('max_connections')::int
    - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0)
"""
# An idle session's query is over: how long it has been idle is told by its last change.
OLDEST = f"""
SELECT extract(epoch FROM clock_timestamp() - min(query_start) FILTER (WHERE state = 'active')),
    extract(epoch FROM clock_timestamp() - min(xact_start)),
    extract(epoch FROM clock_timestamp()
        - min(state_change) FILTER (WHERE state LIKE 'idle in transaction%')),
    count(*) FILTER (WHERE wait_event_type = 'Lock')
{CLIENTS}
"""  # noqa: S608 - of our own constants
WAITING = """
SELECT extract(epoch FROM clock_timestamp() - min(waitstart)) FROM pg_locks WHERE NOT granted
"""
STATISTICS = """
SELECT pg_database_size(current_database()), blks_hit, blks_read, deadlocks, xact_commit,
    xact_rollback, temp_bytes
FROM pg_stat_database WHERE datname = current_database()
"""
ROWS = "SELECT coalesce(sum(n_dead_tup), 0), coalesce(sum(n_live_tup), 0) FROM pg_stat_user_tables"
AGE = "SELECT max(age(datfrozenxid)) FROM pg_database"
BEHIND = """
SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END
"""
REPLICAS = """
SELECT coalesce(nullif(application_name, ''), client_addr::text, pid::text),
    max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)),
    max(coalesce(extract(epoch FROM replay_lag), 0))
FROM pg_stat_replication WHERE replay_lsn IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT %s
"""
SLOTS = """
SELECT slot_name::text, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)
FROM pg_replication_slots WHERE restart_lsn IS NOT NULL ORDER BY 1 LIMIT %s
"""


class PostgresqlForm(DatabaseForm):
    may_be_ours = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = _(
            "As postgresql://user@host:5432/name, without a password; or env:NAME for all of it;"
            " or portal for this portal's own."
        )


@collectors.register("postgresql")
class Postgresql(Collector):
    title = _("PostgreSQL")
    purpose = _("Connections against the limit, long queries, locks, replication, size, dead rows.")
    form = PostgresqlForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        began, taken_in = time.monotonic(), False
        try:
            with asked(settings, timeout=timeout) as server:
                taken_in = True
                yield Reading("postgresql_connect_seconds", time.monotonic() - began, unit="s")
                yield Reading("postgresql_accepting", 1)
                for look in (connections, waits, statistics, upkeep, replication):
                    yield from look(server)
        except Refusing:
            if not taken_in:  # a question that takes too long is no closed door
                yield Reading("postgresql_accepting", 0)
            raise


def connections(server: Session) -> Iterator[Reading]:
    found, (limit,) = dict(server.rows(CONNECTIONS)), server.row(LIMIT)
    for state in dict.fromkeys([*STATES, *found]):
        yield Reading("postgresql_connections", found.get(state, 0), {"state": state})
    used = sum(found.values()) + 1  # ours is one of them
    yield Reading("postgresql_connections_limit", limit)
    yield Reading("postgresql_connections_used", 100 * used / max(1, limit), unit="%")


def waits(server: Session) -> Iterator[Reading]:
    query, transaction, idle, waiting = server.row(OLDEST)
    yield _seconds("postgresql_longest_query_seconds", query)
    yield _seconds("postgresql_longest_transaction_seconds", transaction)
    yield _seconds("postgresql_longest_idle_in_transaction_seconds", idle)
    yield Reading("postgresql_locks_waiting", waiting)
    if server.version >= WAITSTART:
        yield _seconds("postgresql_longest_lock_wait_seconds", server.row(WAITING)[0])


def statistics(server: Session) -> Iterator[Reading]:
    size, hit, read, deadlocks, commits, rollbacks, spilled = server.row(STATISTICS)
    yield Reading("postgresql_database_size", size, unit="B")
    if hit + read:
        yield Reading("postgresql_cache_hit", 100 * hit / (hit + read), unit="%")
    yield Reading("postgresql_blocks_hit_total", hit)
    yield Reading("postgresql_blocks_read_total", read)
    yield Reading("postgresql_deadlocks_total", deadlocks)
    yield Reading("postgresql_commits_total", commits)
    yield Reading("postgresql_rollbacks_total", rollbacks)
    yield Reading("postgresql_temporary_bytes_total", spilled, unit="B")


def upkeep(server: Session) -> Iterator[Reading]:
    dead, live = map(int, server.row(ROWS))
    yield Reading("postgresql_dead_rows", dead)
    yield Reading("postgresql_dead_rows_share", 100 * dead / max(1, dead + live), unit="%")
    (age,) = server.row(AGE)
    yield Reading("postgresql_transactions_age", age)
    yield Reading("postgresql_wraparound_used", 100 * age / WRAPAROUND, unit="%")


def replication(server: Session) -> Iterator[Reading]:
    (standby,) = server.row("SELECT pg_is_in_recovery()")
    yield Reading("postgresql_standby", standby)
    if standby:
        yield _seconds("postgresql_replication_lag_seconds", server.row(BEHIND)[0])
        return
    (count,) = server.row("SELECT count(*) FROM pg_stat_replication")
    yield Reading("postgresql_replicas", count)
    for name, behind, late in server.rows(REPLICAS, MOST):
        yield Reading("postgresql_replica_lag_bytes", float(behind), {"replica": name}, unit="B")
        yield _seconds("postgresql_replica_lag_seconds", late, replica=name)
    for name, kept in server.rows(SLOTS, MOST):
        yield Reading("postgresql_slot_kept_bytes", float(kept), {"slot": name}, unit="B")


def _seconds(name: str, value: float | None, **labels: str) -> Reading:
    """Nothing that takes long takes no time."""
    return Reading(name, max(0.0, float(value or 0)), labels, unit="s")

"""A PostgreSQL as one of several that hold the same data: whether it takes writes, and up to where it has the log."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from integrations.postgresql import Session, plain_session, session

# Where nothing was received since it started it has what it has replayed.
LOOK: Final = """
    SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only') = 'on', clock_timestamp(),
           (CASE WHEN pg_is_in_recovery() THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                 ELSE pg_current_wal_lsn() END)::text,
           pg_last_xact_replay_timestamp()"""


class Part(StrEnum):
    LEADS = "leads"
    FOLLOWS = "follows"
    FENCED = "fenced"  # a primary that was told to take no writes


@dataclass(frozen=True)
class Look:
    part: Part
    clock: datetime  # its own
    lsn: str
    replayed_at: datetime | None  # by its primary's clock, also of the time before it was promoted


def place_of(lsn: str) -> int:
    """A place in the log as PostgreSQL writes it, such as 0/3000148: a number that grows."""
    high, _slash, low = lsn.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def look(dsn: str, *, seconds: float) -> Look:
    """Raises Fault or TimeoutError."""
    with session(dsn, seconds=seconds) as asked:
        recovers, fenced, clock, lsn, replayed_at = asked.row(LOOK)
    part = Part.FOLLOWS if recovers else Part.FENCED if fenced else Part.LEADS
    return Look(part, clock, str(lsn), replayed_at)


def fence(dsn: str, *, seconds: float) -> None:
    """From now on it takes no writes, also after a restart, and whoever was writing is cut off. Raises Fault or TimeoutError.

    Not by its catalogue, which its replicas would repeat: by its own configuration. It takes a superuser, or
    ALTER SYSTEM granted on the parameter, and pg_signal_backend.
    """
    with plain_session(dsn, seconds=seconds) as asked:
        asked.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        _reloaded(asked, "on")
        asked.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )


def release(dsn: str, *, seconds: float) -> None:
    """It takes writes again, as far as it is no replica. Raises Fault or TimeoutError."""
    with plain_session(dsn, seconds=seconds) as asked:
        asked.execute("ALTER SYSTEM RESET default_transaction_read_only")
        _reloaded(asked, "off")


def _reloaded(asked: Session, value: str) -> None:
    """Its own session has read it: new ones do before they say anything."""
    asked.execute("SELECT pg_reload_conf()")
    until = "SELECT current_setting('default_transaction_read_only')"
    while asked.row(until)[0] != value:
        asked.execute("SELECT pg_sleep(0.02)")


def promote(dsn: str, *, seconds: float) -> bool:
    """Whether it takes writes now; False when that did not come about in time. Raises Fault or TimeoutError."""
    with plain_session(dsn, seconds=seconds) as asked:
        return bool(asked.row("SELECT pg_promote(true, %s)", max(1, int(seconds * 0.8)))[0])


def write(dsn: str, *, seconds: float) -> None:
    """Something that nobody will find: proof that it takes writes. Raises Fault or TimeoutError."""
    with session(dsn, seconds=seconds, writes=True) as asked:
        asked.execute("CREATE TEMPORARY TABLE bongsu_takes_writes (one int) ON COMMIT DROP")
        asked.commit()

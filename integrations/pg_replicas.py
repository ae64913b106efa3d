"""A PostgreSQL as one of several that hold the same data: whether it takes writes, and up to where it has the log."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from integrations.postgresql import session

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
    replayed_at: datetime | None  # by the primary's clock; None where it never replayed a commit


def look(dsn: str, *, seconds: float) -> Look:
    """Raises Fault or TimeoutError."""
    with session(dsn, seconds=seconds) as asked:
        recovers, fenced, clock, lsn, replayed_at = asked.row(LOOK)
    part = Part.FOLLOWS if recovers else Part.FENCED if fenced else Part.LEADS
    return Look(part, clock, str(lsn), replayed_at if recovers else None)

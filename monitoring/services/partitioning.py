"""The parts of the tables of samples: made ahead, or when a late sample needs one; dropped whole."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import OperationalError, connection, transaction

from monitoring.domain.partitions import Length, Part
from monitoring.domain.resolution import DAY, Resolution

LOCK: Final = 0x5A3B1E5  # one hand at a time makes and drops parts
MADE_AHEAD: Final = [timedelta(0), DAY, 2 * DAY]
PATIENCE: Final = "1s"  # a drop waits no longer behind a reader, for all others wait behind it

ATTACHED = """
SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
WHERE inhparent = %s::regclass
"""
# Attaching does not keep readers and writers waiting, as CREATE … PARTITION OF would.
MADE = """
CREATE TABLE {name} (LIKE {table} INCLUDING ALL);
ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}')
"""
OWED = "SELECT EXISTS (SELECT FROM monitoring_unrolled WHERE bucket >= %s AND bucket < %s)"


@dataclass(frozen=True)
class Table:
    name: str
    length: Length

    def parts(self) -> list[Part]:
        with connection.cursor() as cursor:
            cursor.execute(ATTACHED, [self.name])
            names = [name for (name,) in cursor.fetchall()]
        return [part for name in names if (part := self.length.named(self.name, name))]


TABLES: Final[Mapping[Resolution, Table]] = {
    Resolution.RAW: Table("monitoring_sample", Length.DAY),
    Resolution.FIVE_MINUTES: Table("monitoring_rollup_5m", Length.MONTH),
    Resolution.HOUR: Table("monitoring_rollup_1h", Length.MONTH),
    Resolution.DAY: Table("monitoring_rollup_1d", Length.YEAR),
}


def kept() -> dict[Resolution, timedelta | None]:
    """How far back each size is kept; None for ever."""
    days = {resolution: settings.SAMPLES_DAYS[resolution] for resolution in Resolution}
    return {one: timedelta(days=count) if count else None for one, count in days.items()}


def open_parts(resolution: Resolution, moments: Iterable[datetime]) -> int:
    """See to it that there is a part for each of these moments; how many were made."""
    table = TABLES[resolution]
    wanted = table.length.parts(table.name, moments)
    if not (wanted - set(table.parts())):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        missing = wanted - set(table.parts())  # somebody may have been faster
        for part in sorted(missing, key=lambda part: part.start):
            cursor.execute(
                MADE.format(name=part.name, table=table.name, start=part.start, end=part.end)
            )
    return len(missing)


def make_ahead(*, at: datetime) -> int:
    return sum(open_parts(one, [at + ahead for ahead in MADE_AHEAD]) for one in Resolution)


def drop_old(*, at: datetime) -> int:
    """Whole parts only, and none of whose samples something is still to be rolled up."""
    dropped = 0
    for resolution, days in kept().items():
        old = [part for part in TABLES[resolution].parts() if days and part.end <= at - days]
        for part in old:
            with suppress(OperationalError):  # somebody reads it: next time
                dropped += _drop(part, raw=resolution is Resolution.RAW)
    return dropped


def _drop(part: Part, *, raw: bool) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(OWED, [part.start, part.end])
        if raw and cursor.fetchone() == (True,):
            return False
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(f"DROP TABLE IF EXISTS {part.name}")
    return True

"""Who is at work on something holds a lock of its session, which goes with whoever dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

from maintenance.models import BackupPlan

MAKING: Final = 0x6261636B  # "back"
LOOKING: Final = 0x6C6F6F6B  # "look"
TESTING: Final = 0x70726F76  # "prov"
HELD: Final = """
SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
                WHERE datname = current_database() AND locktype = 'advisory' AND granted
                  AND classid = %s AND objid = %s)"""


@contextmanager
def alone(plan: BackupPlan, work: int = MAKING) -> Iterator[bool]:
    """False: somebody is at it at this moment."""
    ours = bool(_asked("pg_try_advisory_lock", work, plan))
    try:
        yield ours
    finally:
        if ours:
            _asked("pg_advisory_unlock", work, plan)


@contextmanager
def among_others(plan: BackupPlan, work: int) -> Iterator[None]:
    """Several may be at it, and nobody alone while they are."""
    _asked("pg_advisory_lock_shared", work, plan)
    try:
        yield
    finally:
        _asked("pg_advisory_unlock_shared", work, plan)


def is_held(work: int, key: int) -> bool:
    """Whether somebody is at it at this moment. A lock of one number has 0 for its `work`."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [work, key])
        return bool(cursor.fetchone()[0])


def _asked(function: str, work: int, plan: BackupPlan) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [work, plan.pk])
        return cursor.fetchone()[0]

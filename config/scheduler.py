"""Beat with a lease: a second one waits, and takes over within seconds when the first is gone."""

from datetime import UTC, datetime
from typing import Final

from celery import Celery
from django.db import Error as DatabaseError
from django.db import connection
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

from core.models import Heartbeat

LEASE: Final = 0x62656174  # "beat"
RETRY: Final = 2.0  # seconds until one that waits asks again


LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


class PromptEntry(ModelEntry):
    """What nobody has noted to have run is due at once, and not after its interval.

    It is noted every three minutes: one Beat after another could die before its first tick.
    """

    def __init__(self, model: PeriodicTask, app: Celery | None = None) -> None:
        model.last_run_at = model.last_run_at or LONG_AGO
        super().__init__(model, app=app)


class LeasedScheduler(DatabaseScheduler):
    """The lease is an advisory lock of this process's database session.

    PostgreSQL gives it back by itself when the session ends, however the process died.
    """

    Entry = PromptEntry
    # Without one of its own each publish takes a connection of the pool, which is made anew when it
    # broke; Beat's own would stay broken for ever once RabbitMQ has restarted.
    producer = None

    def tick(self, *args: object, **kwargs: object) -> float:
        try:
            if not self._holds_the_lease():
                return RETRY
            Heartbeat.objects.beat("beat")
            pause: float = super().tick(*args, **kwargs)
        except DatabaseError:
            connection.close()
            return RETRY
        return min(pause, RETRY)

    def _holds_the_lease(self) -> bool:
        with connection.cursor() as cursor:
            # Re-entrant within a session: count the lock before asking, or it would pile up.
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
                " AND pid = pg_backend_pid()) OR pg_try_advisory_lock(%s)",
                [LEASE, LEASE],
            )
            return bool(cursor.fetchone()[0])

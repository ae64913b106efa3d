"""Pings in, and the alerts of jobs that were not heard of.

A ping writes what happened in one statement; the tick alone turns it into alerts, so that a process
that dies between the two loses nothing.
"""

from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.utils.translation import gettext as _

from core.database.base import DatabaseWrapper
from core.nudge import nudge
from core.rows import save_all
from monitoring.domain.alerts import Signal
from monitoring.domain.heartbeats import Kind, beginning
from monitoring.models import HeartbeatMonitor, Ping
from monitoring.services.ours import in_each_language, tell

TICK: Final = "monitoring.tick"
SETTINGS: Final = ("name", "service", "severity", "period", "grace", "cron", "time_zone")
BATCH: Final = 500
PINGS_KEPT, PINGS_A_MONITOR = timedelta(days=30), 1_000


# One round trip for a ping; what was said before is read under the row's lock. A job with a cron
# expression is touched only when its next time ($7) is given, for that is no arithmetic of SQL.
# What has started must end within the grace, unless it was to be heard of sooner anyway. A failure
# said again is told again (down): somebody may have closed its alert meanwhile.
PING = """(uuid, timestamptz, text, smallint, text, text, timestamptz) AS
WITH old AS (
    SELECT id, started_at, down, paused FROM monitoring_heartbeatmonitor
    WHERE key = $1 AND (cron = '' OR $7 IS NOT NULL) FOR UPDATE
), said AS (
    UPDATE monitoring_heartbeatmonitor AS monitor SET
        last_ping_at = CASE WHEN $3 IN ('success', 'fail') THEN $2 ELSE last_ping_at END,
        failing = CASE WHEN $3 IN ('success', 'fail') THEN $3 = 'fail' ELSE failing END,
        down = monitor.down AND $3 <> 'fail',
        started_at = CASE $3
            WHEN 'start' THEN $2 WHEN 'log' THEN monitor.started_at END,
        due_at = CASE
            WHEN $3 = 'log' THEN due_at
            WHEN $3 = 'start' AND due_at > $2 THEN least(due_at, $2 + grace)
            WHEN $3 = 'start' THEN $2 + grace
            ELSE coalesce($7, $2 + period) + grace END
    FROM old WHERE monitor.id = old.id
)
INSERT INTO monitoring_ping (monitor_id, at, kind, exit_code, took, body, sender)
SELECT id, $2, $3, $4, CASE WHEN $3 IN ('success', 'fail') THEN $2 - started_at END, $5, $6
FROM old
RETURNING (SELECT NOT paused AND (down OR $3 = 'fail') FROM old)
"""


def ping(
    key: UUID, kind: Kind, *, at: datetime, exit_code: int | None = None, body: str = "",
    sender: str = "",
) -> bool:  # fmt: skip
    """False when there is no such job."""
    said = [str(key), at, kind.value, exit_code, body, sender[:200]]
    known = _write([*said, None])
    if known is None:
        with transaction.atomic():
            by_cron = HeartbeatMonitor.objects.exclude(cron="").select_for_update()
            monitor = by_cron.filter(key=key).first()
            known = _write([*said, monitor.schedule.expected(at)]) if monitor else None
    if known:
        nudge(TICK)
    return known is not None


def _write(said: list[Any]) -> bool | None:
    """Whether the tick has something to do; None: there is no such job."""
    database = cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])
    database.prepare("ping", PING)
    with database.cursor() as cursor:
        cursor.execute("EXECUTE ping (%s, %s, %s, %s, %s, %s, %s)", said)
        found = cursor.fetchone()
    return found[0] if found else None


def watch_heartbeats(*, at: datetime) -> int:
    """Whatever is late or failed and is not told yet, and whatever is well again."""
    with transaction.atomic():
        rows = HeartbeatMonitor.objects.select_related("service")
        locked = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
        gone = list(locked.gone_down(at)[:BATCH])
        gone += locked.still_down(at)[: BATCH - len(gone)]
        back = list(locked.come_back(at)[:BATCH])
        if not (gone or back):
            return 0
        for row in gone:
            row.down, row.again_at = True, row.schedule.expected(at) + row.grace
        for row in back:
            row.down, row.again_at = False, None
        save_all([*gone, *back], ["down", "again_at"])
        words = HeartbeatMonitor.objects.filter(pk__in=[row.pk for row in gone]).last_words()
        signals = [
            *(_down(row, words.get(row.pk, "")) for row in gone),
            *(_over(row) for row in back),
        ]
        tell(signals, at=at)
    return len(signals)


def let_go(monitor: HeartbeatMonitor, *, at: datetime) -> None:
    """Nobody waits for this job any more; its open alert is over."""
    with transaction.atomic():
        held = HeartbeatMonitor.objects.select_for_update().get(pk=monitor.pk)
        if held.down:
            tell([_over(held)], at=at)
        held.delete()


def keep(monitor: HeartbeatMonitor) -> HeartbeatMonitor:
    """What a person set; a ping that comes meanwhile is kept too. Counted from the last one."""
    with transaction.atomic():
        held = HeartbeatMonitor.objects.select_for_update().filter(pk=monitor.pk).first()
        if held is None:
            monitor.save()
            return monitor
        last = held.last_ping_at
        monitor.due_at = monitor.schedule.expected(last) + monitor.grace if last else None
        monitor.save(update_fields=[*SETTINGS, "due_at"])
        nudge(TICK)
    return monitor


def pause(monitor: HeartbeatMonitor, *, on: bool, at: datetime) -> None:
    """When it goes on, it has its whole time again: the pause is nobody's fault."""
    with transaction.atomic():
        held = HeartbeatMonitor.objects.select_for_update().get(pk=monitor.pk)
        known = held.last_ping_at and not on
        held.due_at = held.schedule.expected(at) + held.grace if known else None
        held.paused, held.failing, held.started_at = on, False, None
        held.save(update_fields=["paused", "due_at", "failing", "started_at"])
        nudge(TICK)


def prune_pings(*, at: datetime) -> None:
    Ping.objects.filter(at__lt=at - PINGS_KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM monitoring_ping WHERE id IN (SELECT id FROM ("
            " SELECT id, row_number() OVER (PARTITION BY monitor_id ORDER BY id DESC) AS place"
            " FROM monitoring_ping) AS ranked WHERE place > %s)",
            [PINGS_A_MONITOR],
        )


@in_each_language
def _down(row: HeartbeatMonitor, words: str) -> Signal:
    title = _("%(name)s reported a failure") if row.failing else _("%(name)s was not heard of")
    return Signal(
        key=_key(row),
        title=title % {"name": row.name},
        description=beginning(words),
        severities=[row.severity],
        service=row.service.slug if row.service else "",
        group=_key(row),
        labels={"alertname": "heartbeat", "heartbeat": row.name},
        started_at=row.last_ping_at if row.failing else row.due_at,
        url=f"{settings.BASE_URL}{row.get_absolute_url()}",
    )


def _over(row: HeartbeatMonitor) -> Signal:
    return Signal(key=_key(row), title=row.name, resolved=True)


def _key(row: HeartbeatMonitor) -> str:
    return f"heartbeat:{row.pk}"

"""Pings in, and the alerts of jobs that were not heard of.

A ping writes what happened in one statement; the tick alone turns it into alerts, so that a process
that dies between the two loses nothing.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from core import tokens
from core.nudge import nudge
from monitoring.domain.alerts import Signal
from monitoring.domain.heartbeats import Kind
from monitoring.models import HeartbeatMonitor, Integration, Ping
from monitoring.services.storing import store

TICK: Final = "monitoring.tick"
OURS: Final = "bongsu"  # the source of what we see ourselves: nobody can send by it
SETTINGS: Final = ("name", "service", "severity", "period", "grace", "cron", "time_zone")
BATCH: Final = 500
PINGS_KEPT, PINGS_A_MONITOR = timedelta(days=30), 1_000


def ping(
    key: UUID, kind: Kind, *, at: datetime, exit_code: int | None = None, body: str = "",
    sender: str = "",
) -> bool:  # fmt: skip
    """False when there is no such job."""
    with transaction.atomic():
        monitor = HeartbeatMonitor.objects.select_for_update().filter(key=key).first()
        if monitor is None:
            return False
        ends, took = kind in {Kind.SUCCESS, Kind.FAIL}, None
        monitor.due_at = monitor.schedule.due(kind, at, before=monitor.due_at)
        if ends:
            took = at - monitor.started_at if monitor.started_at else None
            monitor.last_ping_at, monitor.started_at = at, None
            monitor.failing = kind == Kind.FAIL
        elif kind == Kind.START:
            monitor.started_at = at
        is_news = not monitor.paused and (monitor.down or monitor.failing)
        # A failure said again is told again: somebody may have closed its alert meanwhile.
        monitor.down = monitor.down and kind != Kind.FAIL
        monitor.save(update_fields=["last_ping_at", "started_at", "failing", "due_at", "down"])
        Ping.objects.create(
            monitor=monitor, at=at, kind=kind, exit_code=exit_code, took=took, body=body,
            sender=sender[:200],
        )  # fmt: skip
        if is_news:
            nudge(TICK)
    return True


def watch_heartbeats(*, at: datetime) -> int:
    """Whatever is late or failed and is not told yet, and whatever is well again."""
    with transaction.atomic():
        rows = HeartbeatMonitor.objects.select_related("service")
        locked = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
        gone = list(locked.gone_down(at)[:BATCH])
        back = list(locked.come_back(at)[:BATCH])
        if not (gone or back):
            return 0
        for changed, down in ((gone, True), (back, False)):
            HeartbeatMonitor.objects.filter(pk__in=[row.pk for row in changed]).update(down=down)
        signals = [*(_down(row) for row in gone), *(_over(row) for row in back)]
        store(_ours(), b"", signals, at=at)
    return len(signals)


def let_go(monitor: HeartbeatMonitor, *, at: datetime) -> None:
    """Nobody waits for this job any more; its open alert is over."""
    with transaction.atomic():
        held = HeartbeatMonitor.objects.select_for_update().get(pk=monitor.pk)
        if held.down:
            store(_ours(), b"", [_over(held)], at=at)
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


def _down(row: HeartbeatMonitor) -> Signal:
    with translation.override(settings.LANGUAGE_CODE):
        title = _("%(name)s reported a failure") if row.failing else _("%(name)s was not heard of")
        return Signal(
            key=_key(row),
            title=title % {"name": row.name},
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


def _ours() -> Integration:
    made, _is_new = Integration.objects.get_or_create(
        source=OURS, defaults={"name": "Bongsu", "token_hash": tokens.hashed(get_random_string(40))}
    )
    return made

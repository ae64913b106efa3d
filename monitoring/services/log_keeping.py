"""What people do about logs: add and remove them and their patterns, and say that an error is known."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from core.models import Heartbeat
from monitoring.models import (
    Alert,
    LogBatch,
    LogFinding,
    LogKind,
    LogPattern,
    LogSource,
    LogTemplate,
    LogTemplateDay,
)
from monitoring.models.log_findings import FindingQuerySet
from monitoring.registry import LINES
from monitoring.services.integrations import add_integration
from monitoring.services.log_reports import BEAT
from monitoring.services.log_telling import WATCH, over, signal_of, watch_signal
from monitoring.services.ours import OURS, tell
from teams.models import User

SETTINGS: Final = ("name", "kind", "place", "service", "from_start", "tell_new", "enabled")
PATTERN: Final = (
    "name_ko", "name_en", "kind", "text", "exclude", "severity", "count", "within", "cooldown",
    "source", "service", "enabled",
)  # fmt: skip
FINDINGS_KEPT: Final = timedelta(days=90)
DAY: Final = timedelta(days=1)
STOPPED: Final = timedelta(minutes=2)
BATCH: Final = 5_000
WAITING: Final = 32 << 20  # bytes of a log that may wait for the watcher


class TooMuchWaits(Exception):
    """The watcher does not keep up, or does not run: the sender should try again later."""


def keep_log_source(source: LogSource) -> str:
    """The token of a new receiver, which is seen only here; else nothing."""
    with transaction.atomic():
        token = ""
        if source.kind == LogKind.HTTP and source.integration_id is None:
            source.integration, token = add_integration(
                LINES, name=f"{source.name} ({LINES})"[:120]
            )
        _save(source, [*SETTINGS, "integration"])
    return token


def keep_log_pattern(pattern: LogPattern) -> None:
    _save(pattern, PATTERN)


def _save(row: LogSource | LogPattern, names: Sequence[str]) -> None:
    """What a person set; what the watcher counts meanwhile stays."""
    if row.pk:
        row.save(update_fields=[*names, "changed_at"])
    else:
        row.save()


def let_go_log_source(source: LogSource, *, at: datetime) -> None:
    """Nobody follows it any more, and its open alerts are over."""
    with transaction.atomic():
        held = LogSource.objects.select_for_update().get(pk=source.pk)
        _end(LogFinding.objects.open().filter(source=held), at=at)
        if held.told:
            tell([over(held)], at=at)
        integration = held.integration
        held.delete()
        if integration:
            integration.enabled = False  # what it sent may still be asked for
            integration.save(update_fields=["enabled"])


def let_go_log_pattern(pattern: LogPattern, *, at: datetime) -> None:
    with transaction.atomic():
        held = LogPattern.objects.select_for_update().get(pk=pattern.pk)
        _end(LogFinding.objects.open().filter(pattern=held), at=at)
        held.delete()


def know_log_template(template: LogTemplate, *, by: User, at: datetime) -> None:
    """Somebody has seen it: it is no news any more."""
    with transaction.atomic():
        LogTemplate.objects.filter(pk=template.pk, acknowledged_at=None).update(
            acknowledged_at=at, acknowledged_by=by
        )
        _end(LogFinding.objects.open().filter(template=template), at=at)


def take_lines(source: LogSource, lines: str, *, at: datetime) -> None:
    """Lines that came by HTTP, masked already."""
    waiting = sum(LogBatch.objects.filter(source=source).values_list("size", flat=True))
    if waiting > WAITING:
        raise TooMuchWaits
    LogBatch.objects.create(source=source, at=at, lines=lines, size=len(lines))


def tend_logs(*, at: datetime) -> None:
    """Alerts of new kinds of errors end after a day; and the watcher itself is watched."""
    old = LogFinding.objects.open().filter(pattern=None, at__lt=at - DAY)
    with transaction.atomic():
        _end(old, at=at)
        asked = LogSource.objects.filter(enabled=True, changed_at__lt=at - STOPPED)
        beats = Heartbeat.objects.fresh(BEAT, at=at, within=STOPPED)
        stopped = asked.exists() and not beats
        is_told = Alert.objects.open().filter(key=WATCH, integration__source=OURS).exists()
        if stopped != is_told:
            tell([watch_signal(stopped=stopped)], at=at)


def prune_logs(*, at: datetime) -> None:
    oldest = at - FINDINGS_KEPT
    old = LogFinding.objects.older_than(oldest).exclude(over_at=None)
    while batch := list(old.values_list("pk", flat=True)[:BATCH]):
        LogFinding.objects.filter(pk__in=batch).delete()
    LogTemplateDay.objects.filter(day__lt=oldest.date()).delete()
    LogTemplate.objects.filter(last_at__lt=oldest).delete()


def _end(findings: FindingQuerySet, *, at: datetime) -> None:
    rows = list(findings.select_related("source__service", "pattern__service"))
    if not rows:
        return
    LogFinding.objects.filter(pk__in=[row.pk for row in rows]).update(over_at=at)
    for row in rows:
        row.over_at = at
    if told := [signal_of(row, row.source) for row in rows if row.told_at]:
        tell(told, at=at)

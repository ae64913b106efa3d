"""What the watcher has read becomes rows, alerts and samples: all of a moment in one transaction.

The place up to which was read is written with it, so that a killed watcher's successor goes on
where the rows end. Nothing the watcher holds changes before the commit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from core.models import Heartbeat
from monitoring.domain.alerts import Signal
from monitoring.domain.logs.reading import Episode, Mined, Position
from monitoring.domain.samples import Identity, Point
from monitoring.models import LogBatch, LogFile, LogFinding, LogPattern, LogSource
from monitoring.services.log_telling import signal_of, state_signals
from monitoring.services.log_templates import write_templates
from monitoring.services.ours import tell
from monitoring.services.sampling import write

BEAT: Final = "logs"
TOLD_AGAIN: Final = timedelta(minutes=1)  # somebody may have closed the alert while it goes on


@dataclass
class Report:
    """Of one log, since the last one that was written."""

    source: int
    lines: int = 0
    errors: int = 0
    last_at: float | None = None
    lost: int = 0
    cut: int = 0
    lag_seconds: float = 0.0
    lag_bytes: int = 0
    trouble: str = ""
    cursor: str = ""
    episodes: Sequence[Episode] = ()
    mined: Sequence[Mined] = ()
    positions: Sequence[Position] = ()
    batches: Sequence[int] = ()
    minutes: dict[int, tuple[int, int]] = field(default_factory=dict)  # lines and errors of each


def write_reports(reports: Sequence[Report], *, at: datetime) -> dict[int, int]:
    """The numbers of new findings' rows, by the identity of their episodes."""
    with transaction.atomic():
        held = LogSource.objects.select_related("service").select_for_update(of=("self",))
        sources = held.in_bulk([report.source for report in reports])
        found: dict[int, int] = {}
        signals, points = list[Signal](), list[Point]()
        for report in reports:
            source = sources.get(report.source)
            if source is None:  # somebody removed it meanwhile
                continue
            rows = _write_episodes(source, report.episodes, found, at=at)
            signals += [signal_of(row, source) for row in _to_tell(rows, at)]
            signals += write_templates(source, report.mined, at=at)
            signals += _write_state(source, report, at)
            points += _points(source, report, at)
            _keep_positions(source, report.positions)
            LogBatch.objects.filter(pk__in=report.batches).delete()
        if signals:
            tell(signals, at=at)
        if points:
            write(points, at=at)
        Heartbeat.objects.beat(BEAT)
    return found


def forget_place(source: int) -> None:
    LogFile.objects.filter(source=source).delete()
    LogSource.objects.filter(pk=source).update(cursor="", begun_at=None)


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _write_episodes(
    source: LogSource, episodes: Iterable[Episode], found: dict[int, int], *, at: datetime
) -> list[LogFinding]:
    """The rows of those that are ripe to be told."""
    rows = []
    for episode in episodes:
        if not episode.is_news:
            continue
        row = _row_of(source, episode)
        if row is None:
            continue
        found[id(episode)] = row.pk
        if not episode.ripens(at.timestamp()):
            rows.append(row)
    return rows


def _row_of(source: LogSource, episode: Episode) -> LogFinding | None:
    row = LogFinding.objects.filter(pk=episode.pk).first() if episode.pk else None
    # An open one of an earlier life, whose number the watcher does not know.
    row = row or LogFinding.objects.open().filter(
        source=source, pattern=episode.pattern.pk
    ).first()  # fmt: skip
    before = row.count if row and row.pk == episode.pk else 0
    pattern = LogPattern.objects.filter(pk=episode.pattern.pk)
    if row is None:
        if not pattern.exists():
            return None
        row = LogFinding(
            source=source, pattern_id=episode.pattern.pk, at=moment(episode.opened_at),
            line=episode.line, level=episode.level, before=episode.before,
        )  # fmt: skip
    row.severity = episode.pattern.severity
    row.count = episode.count
    row.last_at = moment(episode.last_at)
    row.last_line = episode.last_line
    row.after = episode.after
    row.over_at = moment(episode.over_at) if episode.over_at else None
    row.save()
    pattern.update(matched=F("matched") + max(0, episode.count - before), last_at=row.last_at)
    row.pattern = LogPattern.objects.select_related("service").get(pk=episode.pattern.pk)
    return row


def _to_tell(rows: Sequence[LogFinding], at: datetime) -> list[LogFinding]:
    chosen = [
        row
        for row in rows
        if row.severity
        and (row.told_at is None or row.over_at is not None or at - row.told_at >= TOLD_AGAIN)
    ]
    LogFinding.objects.filter(pk__in=[row.pk for row in chosen]).update(told_at=at)
    return chosen


def _write_state(source: LogSource, report: Report, at: datetime) -> list[Signal]:
    source.lines += report.lines
    source.errors += report.errors
    source.lost += report.lost
    source.cut += report.cut
    source.lag_seconds, source.lag_bytes = report.lag_seconds, report.lag_bytes
    source.cursor = report.cursor
    source.begun_at = source.begun_at or at
    if report.last_at is not None:
        source.last_at = moment(report.last_at)
    if bool(report.trouble) != bool(source.trouble):
        source.trouble_since = at if report.trouble else None
    source.trouble = report.trouble
    signals = state_signals(source, at=at)
    LogSource.objects.filter(pk=source.pk).update(
        **{
            name: getattr(source, name)
            for name in (
                "lines", "errors", "lost", "cut", "lag_seconds", "lag_bytes", "cursor", "begun_at",
                "last_at", "trouble", "trouble_since", "told",
            )
        }
    )  # fmt: skip
    return signals


def _points(source: LogSource, report: Report, at: datetime) -> list[Point]:
    """Of whole minutes, so that each is written once."""
    if not report.minutes:
        return []
    labels = {"log": source.name}
    if source.service:
        labels["service"] = source.service.slug
    lines, errors = Identity("log_lines", labels), Identity("log_errors", labels)
    found = []
    for minute, (read, wrong) in report.minutes.items():
        stamp = moment(minute * 60)
        found += [Point(lines, stamp, read), Point(errors, stamp, wrong)]
    now = at.replace(second=0, microsecond=0)
    found.append(Point(Identity("log_lag_seconds", labels, unit="s"), now, report.lag_seconds))
    found.append(Point(Identity("log_lag_bytes", labels, unit="bytes"), now, report.lag_bytes))
    return found


def _keep_positions(source: LogSource, positions: Sequence[Position]) -> None:
    known = {(row.device, row.inode): row for row in source.files.all()}
    present = {(one.device, one.inode) for one in positions}
    for one in positions:
        row = known.get((one.device, one.inode))
        if row and (row.path, row.position, row.mark) == (one.path, one.position, one.mark):
            continue
        LogFile.objects.update_or_create(
            source=source, device=one.device, inode=one.inode,
            defaults={"path": one.path, "position": one.position, "mark": one.mark},
        )  # fmt: skip
    gone = [row.pk for identity, row in known.items() if identity not in present]
    if gone:
        LogFile.objects.filter(pk__in=gone).delete()

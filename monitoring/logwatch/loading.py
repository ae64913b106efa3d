"""Logs and what to look for in them, from the rows; and where an earlier life left off."""

from collections.abc import Sequence

from monitoring.domain.logs.drain import MOST, Miner
from monitoring.domain.logs.levels import Level
from monitoring.domain.logs.patterns import REGEX, Pattern, Patterns, fault_of
from monitoring.domain.logs.reading import Episode, Position, Reading
from monitoring.logwatch.feed import Feed
from monitoring.logwatch.files import Files
from monitoring.logwatch.receivers import FromJournal, Inbox, Syslog
from monitoring.models import LogFinding, LogKind, LogPattern, LogSource


def patterns() -> list[Pattern]:
    """Those that are switched on and can be read: one that cannot would take all others with it."""
    rows = LogPattern.objects.filter(enabled=True)
    return [row.looked_for for row in rows if not _is_faulty(row)]


def _is_faulty(row: LogPattern) -> bool:
    return bool(fault_of(row.kind, row.text) or (row.exclude and fault_of(REGEX, row.exclude)))


def of_source(all_patterns: Sequence[Pattern], source: LogSource) -> Patterns:
    return Patterns([one for one in all_patterns if one.source in {None, source.pk}])


def feed_of(source: LogSource, looked_for: Patterns, *, at: float) -> Feed:
    reading = Reading(looked_for, _miner(source))
    reading.episodes = _episodes(source, looked_for, at=at)
    begun = source.begun_at is not None
    match source.kind:
        case LogKind.FILE:
            known = [
                Position(row.path, row.device, row.inode, row.position, row.mark)
                for row in source.files.all()
            ]
            return Files(
                reading, source.place, at=at, known=known, from_start=source.from_start or begun
            )
        case LogKind.JOURNAL:
            return FromJournal(
                reading, source.place, at=at, cursor=source.cursor, from_start=source.from_start
            )
        case LogKind.SYSLOG:
            return Syslog(reading, source.place, at=at)
        case _:
            return Inbox(reading, source.pk, at=at)


def _miner(source: LogSource) -> Miner:
    miner = Miner()
    newest = source.templates.order_by("-last_at").values_list("text", flat=True)[:MOST]
    for text in reversed(newest):
        miner.know(text)
    return miner


def _episodes(source: LogSource, looked_for: Patterns, *, at: float) -> dict[int, Episode]:
    """Those still open go on; those nobody looks for any more are over with the next report."""
    known = {one.pk: one for one in looked_for.all}
    found: dict[int, Episode] = {}
    for row in LogFinding.objects.open().filter(source=source, pattern__isnull=False):
        pattern = known.get(row.pattern_id or 0)
        found[row.pattern_id or 0] = Episode(
            pattern or Pattern(row.pattern_id or 0, "words", "-", severity=row.severity),
            row.at.timestamp(), row.last_at.timestamp(), row.count, row.line, Level(row.level),
            row.before, row.after, row.last_line.encode(), row.pk,
            over_at=None if pattern else at, is_news=pattern is None,
        )  # fmt: skip
    return found

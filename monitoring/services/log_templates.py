"""Kinds of errors: counted a day, and noticed when one is new."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final
from uuid import UUID

from django.db import connection

from monitoring.domain.alerts import Signal
from monitoring.domain.logs.reading import Mined
from monitoring.models import LogFinding, LogSource, LogTemplate
from monitoring.services.log_telling import signal_of

LEARNING: Final = timedelta(days=1)  # all is new at first, and nothing of it is news
SEVERITY: Final = "P3"

# A template that became more general keeps its row, unless there is one that says the same.
RENAME = """
UPDATE monitoring_logtemplate SET fingerprint = %s, text = %s
WHERE source_id = %s AND fingerprint = %s
    AND NOT EXISTS (SELECT FROM monitoring_logtemplate WHERE source_id = %s AND fingerprint = %s)
"""
COUNT = """
INSERT INTO monitoring_logtemplate AS known
    (source_id, fingerprint, text, example, level, count, first_at, last_at, is_new)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (source_id, fingerprint) DO UPDATE SET
    count = known.count + excluded.count, last_at = excluded.last_at,
    level = greatest(known.level, excluded.level)
RETURNING id, xmax = 0
"""
DAY = """
INSERT INTO monitoring_logtemplateday AS known (template_id, day, count) VALUES (%s, %s, %s)
ON CONFLICT (template_id, day) DO UPDATE SET count = known.count + excluded.count
"""


def write_templates(source: LogSource, mined: Sequence[Mined], *, at: datetime) -> list[Signal]:
    """In the caller's transaction. Alerts for what is new, where the log asks for them."""
    learnt = source.begun_at is not None and at - source.begun_at >= LEARNING
    new = [pk for one in mined if (pk := _write(source, one, is_new=learnt)) and learnt]
    if not (new and source.tell_new):
        return []
    rows = LogTemplate.objects.filter(pk__in=new)
    return [signal_of(_finding(source, row, at), source) for row in rows]


def _write(source: LogSource, mined: Mined, *, is_new: bool) -> int | None:
    """The row's number when it was not there before."""
    text, written = mined.template.text, mined.template.written
    key = fingerprint(text)
    first, last = (
        datetime.fromtimestamp(moment, UTC) for moment in (mined.first_at, mined.last_at)
    )
    with connection.cursor() as cursor:
        if written and written != text:
            old = fingerprint(written)
            cursor.execute(RENAME, [key, text, source.pk, old, source.pk, key])
        cursor.execute(
            COUNT,
            [source.pk, key, text, mined.example, mined.level, mined.count, first, last, is_new],
        )
        pk, inserted = cursor.fetchone()
        cursor.execute(DAY, [pk, last.date(), mined.count])
    return int(pk) if inserted else None


def fingerprint(text: str) -> UUID:
    return UUID(bytes=blake2b(text.encode(errors="replace"), digest_size=16).digest())


def _finding(source: LogSource, template: LogTemplate, at: datetime) -> LogFinding:
    return LogFinding.objects.create(
        source=source, template=template, severity=SEVERITY, level=template.level, at=at,
        last_at=at, line=template.example, told_at=at,
    )  # fmt: skip

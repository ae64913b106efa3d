"""Which checks are run now, and what came of them.

A run is claimed by moving its `due_at` on, along the grid it stands on, so that intervals do not
drift; a process that dies in the middle costs one reading. While one runs it is held, so that no
second process begins; one that hangs is held for as long as its thread lives.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _
from psycopg2.extras import Json

from monitoring.domain.checks import Job, Outcome, points_of
from monitoring.domain.samples import Identity, Point
from monitoring.models import Check
from monitoring.services.sampling import write

log = logging.getLogger(__name__)

HOLD: Final = timedelta(seconds=20)  # beyond the timeout; renewed while a thread hangs
SHOWN: Final = 50  # readings of the last run that are kept with the check

# A moment further ahead than it can be was set by a clock that has been put back since. What is
# found is written down first: a join may ask anew for each row, and each time skip what it has
# locked, until all that is due is claimed.
CLAIM = """
WITH found AS MATERIALIZED (
    SELECT due.id, service.slug FROM monitoring_check AS due
    LEFT JOIN teams_service AS service ON service.id = due.service_id
    WHERE due.enabled AND (due.due_at <= now() OR due.due_at > now() + due.interval)
      AND (due.held_until IS NULL OR due.held_until <= now()
           OR due.held_until > now() + due.timeout + 2 * %(hold)s)
    ORDER BY due.due_at LIMIT %(limit)s FOR UPDATE OF due SKIP LOCKED
)
UPDATE monitoring_check AS c SET
    due_at = c.due_at + c.interval * (
        floor(extract(epoch FROM now() - c.due_at) / extract(epoch FROM c.interval)) + 1),
    last_run_at = now(),
    held_until = now() + c.timeout + %(hold)s
FROM found
WHERE c.id = found.id
RETURNING c.*, coalesce(found.slug, '') AS slug
"""
NOTE = """
UPDATE monitoring_check AS c SET
    state = new.state, last_error = new.error, took = new.took, readings = new.readings,
    last_ok_at = CASE WHEN new.state = 'ok' THEN new.at ELSE c.last_ok_at END,
    held_until = CASE WHEN new.state = 'hanging' THEN now() + %s END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::float8[], %s::jsonb[], %s::timestamptz[])
    AS new (id, state, error, took, readings, at)
WHERE c.id = new.id AND c.last_run_at = new.at
"""


def claim_checks(limit: int) -> list[Job]:
    """What is due, in one statement; of two processes each gets its own."""
    rows: Any = Check.objects.raw(CLAIM, {"hold": HOLD, "limit": limit})
    return [row.job(at=row.last_run_at, service=row.slug) for row in rows]


def note_runs(done: Sequence[tuple[Job, Outcome]], *, at: datetime) -> None:
    """All that was read goes into the store at once, and what came of each run to its check."""
    if not done:
        return
    points, measured = list[Point](), dict[int, list[Point]]()
    for job, outcome in done:
        fit, faults = points_of(job, outcome)
        points += fit
        measured[job.check] = fit
        if faults:
            log.warning("the check %s gave what cannot be stored: %s", job.name, faults[:3])
    written = write(points, at=at)
    if written.refused:
        log.warning("readings of checks were refused: %s", dict(written.refused))
    rows = [
        (
            job.check, outcome.state.value,
            outcome.error or _homeless(measured[job.check], written.strangers), outcome.took,
            Json([asdict(one) for one in outcome.readings[:SHOWN]]), job.at,
        )
        for job, outcome in done
    ]  # fmt: skip
    with connection.cursor() as cursor:
        given: list[Any] = [HOLD, *map(list, zip(*rows, strict=True))]
        cursor.execute(NOTE, given)


def _homeless(points: Sequence[Point], strangers: Collection[Identity]) -> str:
    """What was read and could not be kept, in words."""
    if not (count := sum(one.metric in strangers for one in points)):
        return ""
    text = _("%(count)s of its readings are not kept: there are as many metrics as are allowed.")
    return text % {"count": count}


def hold_checks(checks: Collection[int]) -> None:
    """These still hang: nobody begins them again."""
    _held(checks, "now() + %s", HOLD)


def release_checks(checks: Collection[int]) -> None:
    _held(checks, "NULL")


def _held(checks: Collection[int], until: str, *more: Any) -> None:
    sql = f"UPDATE monitoring_check SET held_until = {until} WHERE id = ANY(%s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*more, list(checks)])

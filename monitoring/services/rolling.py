"""From samples to five minutes and hours, from hours to days. Any step may run twice or late."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from monitoring.domain.resolution import AGAIN, DAY, ROLLED, Resolution, floor
from monitoring.domain.sketch import LOG_GAMMA, OFFSET, SMALLEST
from monitoring.services.partitioning import open_parts
from monitoring.services.rates import GROWS, RATES

LOCK: Final = 0x5A3B1E7  # two at once could overwrite the newer sum with the older
BATCH: Final = 500  # notes a statement; the memory it needs stays bounded after a long downtime

NEXT: Final = {
    Resolution.FIVE_MINUTES: Resolution.HOUR,
    Resolution.HOUR: Resolution.DAY,
}

SPAN = "SELECT min(bucket), max(bucket) FROM {taken} AS taken"
TAKEN = """(
    SELECT id, bucket FROM monitoring_unrolled
    WHERE size = '{size}' AND due_at <= %(at)s ORDER BY due_at, id LIMIT {batch}
)"""

# `monitoring.domain.sketch.key_of`
KEY = f"""CASE WHEN abs(value) < {SMALLEST} THEN 0
    ELSE (sign(value) * (ceil(ln(abs(value)) / {LOG_GAMMA!r}) + {OFFSET}))::smallint END"""

SUMMED = """
    SELECT min(value) AS low, avg(value) AS mean, max(value) AS high, count(*) AS count
    FROM {readings}
"""
SPREAD = f"""
    SELECT min(low) AS low, sum(total) / sum(n) AS mean, max(high) AS high, sum(n) AS count,
        array_agg(key ORDER BY key) AS keys, array_agg(n ORDER BY key) AS counts
    FROM (
        SELECT {KEY} AS key, min(value) AS low, max(value) AS high,
            sum(value) AS total, count(*) AS n
        FROM {{readings}} GROUP BY 1
    ) AS bucket
"""  # noqa: S608 - of our own constants
HEIGHTS = "monitoring_sample WHERE {theirs}"
SPEEDS = "({rates}) AS rate WHERE dirty.grows"
SLOW_TO_FAST = "speeds.low AS slow, speeds.mean AS speed, speeds.high AS fast"

# Of a counter the keys are those of its speeds: how its heights are spread says nothing.
SOURCES = {
    Resolution.FIVE_MINUTES: f"""
        SELECT heights.*, {SLOW_TO_FAST}
        FROM ({SUMMED.format(readings=HEIGHTS)}) AS heights,
            ({SUMMED.format(readings=SPEEDS)}) AS speeds
    """,  # noqa: S608 - of our own constants
    Resolution.HOUR: f"""
        SELECT heights.low, heights.mean, heights.high, heights.count, {SLOW_TO_FAST},
            CASE WHEN dirty.grows THEN coalesce(speeds.keys, ARRAY[]::int[])
                ELSE heights.keys END AS keys,
            CASE WHEN dirty.grows THEN coalesce(speeds.counts, ARRAY[]::bigint[])
                ELSE heights.counts END AS counts
        FROM ({SPREAD.format(readings=HEIGHTS)}) AS heights,
            ({SPREAD.format(readings=SPEEDS)}) AS speeds
    """,  # noqa: S608 - of our own constants
    Resolution.DAY: """
        SELECT whole.*, keys, counts FROM (
            SELECT min(low) AS low, sum(mean * count) / sum(count) AS mean,
                max(high) AS high, sum(count) AS count, min(slow) AS slow, max(fast) AS fast,
                sum(speed * count) / sum(count) FILTER (WHERE speed IS NOT NULL) AS speed
            FROM monitoring_rollup_1h WHERE {theirs}
        ) AS whole, (
            SELECT coalesce(array_agg(key ORDER BY key), ARRAY[]::smallint[]) AS keys,
                coalesce(array_agg(n ORDER BY key), ARRAY[]::bigint[]) AS counts
            FROM (
                SELECT key, sum(n) AS n
                FROM monitoring_rollup_1h, unnest(keys, counts) AS bucket (key, n)
                WHERE {theirs} GROUP BY key
            ) AS keys
        ) AS spread
    """,
}

# Takes notes, rolls their buckets up and leaves a note for the next size, all of one snapshot: the
# notes it sees are those whose samples it sees. What stays the same is not written again.
ROLL = """
WITH taken AS (
    DELETE FROM monitoring_unrolled WHERE id IN (SELECT id FROM {taken} AS due)
    RETURNING bucket, metrics
), dirty AS (
    SELECT DISTINCT bucket, metric_id, coalesce({grows}, false) AS grows
    FROM taken CROSS JOIN unnest(metrics) AS metric_id
    LEFT JOIN monitoring_metric AS metric ON metric.id = metric_id
), rolled AS (
    INSERT INTO monitoring_rollup_{size} AS old (metric_id, at, {columns})
    SELECT metric_id, bucket, low, greatest(low, least(high, mean)), high, count,
        slow, speed, fast{sketch}
    FROM dirty CROSS JOIN LATERAL ({source}) AS found WHERE count > 0
    ON CONFLICT (metric_id, at) DO UPDATE SET ({columns}) = ROW({excluded})
    WHERE ({old}) IS DISTINCT FROM ({excluded})
){onwards}
SELECT count(*) FROM taken
"""
ONWARDS = """, onwards AS (
    INSERT INTO monitoring_unrolled (size, bucket, metrics, due_at)
    SELECT '{size}', coarser, metrics,
        CASE WHEN coarser + interval '{length}' <= %(at)s THEN %(at)s ELSE %(due)s END
    FROM (
        SELECT date_bin('{length}', bucket, 'epoch') AS coarser,
            array_agg(DISTINCT metric_id) AS metrics
        FROM dirty GROUP BY 1
    ) AS changed
)"""
SEEN = """, seen AS (
    UPDATE monitoring_metric AS metric SET last_at = newest.at FROM (
        SELECT metric_id, max(last.at) AS at FROM dirty CROSS JOIN LATERAL (
            SELECT max(at) AS at FROM monitoring_sample WHERE {theirs}
        ) AS last GROUP BY metric_id
    ) AS newest
    WHERE metric.id = metric_id AND newest.at > coalesce(metric.last_at, '-infinity')
)"""


def roll_up(*, at: datetime) -> int:
    """Everything that is due, the finest first; how many notes were carried out."""
    return sum(_all(resolution, at) for resolution in ROLLED)


def _all(resolution: Resolution, at: datetime) -> int:
    done = 0
    while count := _some(resolution, at):
        done += count
    return done


def _some(resolution: Resolution, at: datetime) -> int:
    taken = TAKEN.format(size=resolution, batch=BATCH)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            return 0  # somebody is at it
        cursor.execute(SPAN.format(taken=taken), {"at": at})
        span = cursor.fetchone()
        if span == (None, None):
            return 0
        open_parts(resolution, _between(*span))
        cursor.execute(_statement(resolution, taken), {"at": at, "due": _later(resolution, at)})
        return int(cursor.fetchone()[0])


def _statement(resolution: Resolution, taken: str) -> str:
    columns = ["low", "mean", "high", "count", "slow", "speed", "fast"]
    sketch = [] if resolution is Resolution.FIVE_MINUTES else ["keys", "counts"]
    columns += sketch
    theirs = (
        "metric_id = dirty.metric_id AND at >= dirty.bucket"
        f" AND at < dirty.bucket + interval '{resolution.size}'"
    )
    return ROLL.format(
        taken=taken,
        size=resolution,
        columns=", ".join(columns),
        grows=GROWS,
        sketch="".join(f", {name}" for name in sketch),
        source=SOURCES[resolution].format(theirs=theirs, rates=_rates(resolution)),
        old=", ".join(f"old.{name}" for name in columns),
        excluded=", ".join(f"excluded.{name}" for name in columns),
        onwards=_following(resolution, theirs),
    )


def _rates(resolution: Resolution) -> str:
    until = f"dirty.bucket + interval '{resolution.size}'"
    return RATES.format(metric="dirty.metric_id", since="dirty.bucket", until=until)


def _following(resolution: Resolution, theirs: str) -> str:
    if resolution is Resolution.DAY:
        return ""
    coarser = NEXT[resolution]
    told = ONWARDS.format(size=coarser, length=coarser.size)
    return told + (SEEN.format(theirs=theirs) if resolution is Resolution.FIVE_MINUTES else "")


def _later(resolution: Resolution, at: datetime) -> datetime | None:
    """When the next size is due where it is not over yet."""
    coarser = NEXT.get(resolution)
    return floor(at, AGAIN[coarser]) + AGAIN[coarser] if coarser else None


def _between(first: datetime, last: datetime) -> list[datetime]:
    """A moment in every day of that time, and so in every part."""
    return [first + n * DAY for n in range((last - first) // DAY + 1)] + [last]

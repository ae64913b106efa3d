"""Samples in. The first word stands: what was once measured is not changed by a repetition."""

import struct
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from operator import itemgetter
from typing import Final

from django.db import IntegrityError, connection, transaction

from monitoring.domain.resolution import Resolution, due, floor
from monitoring.domain.samples import TOO_MANY_METRICS, Identity, Point, Row, Sieve
from monitoring.services.partitioning import kept, open_parts
from monitoring.services.registering import ids_of

POSTGRES_EPOCH: Final = datetime.fromisoformat("2000-01-01T00:00:00Z")
MICROSECOND: Final = timedelta(microseconds=1)
# PostgreSQL's binary COPY: a head, rows of three columns each with its length, an end.
HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
ROW: Final = struct.Struct("!hiqiqid")
KEY: Final = itemgetter(0, 1)
END: Final = struct.pack("!h", -1)

COPY = "COPY monitoring_sample (metric_id, at, value) FROM STDIN (FORMAT binary)"
NOTE = "COPY monitoring_unrolled (size, bucket, metrics, due_at) FROM STDIN"
MERGE = """
INSERT INTO monitoring_sample (metric_id, at, value)
SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::double precision[])
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Written:
    stored: int
    repeated: int  # were there already, and stay as they were
    refused: Mapping[str, int]  # by reason
    strangers: frozenset[Identity] = frozenset()  # new metrics for which there was no room


def write(points: Sequence[Point], *, at: datetime) -> Written:
    """Store what can be stored, create metrics that are new, and count what was refused and why."""
    sieve = Sieve(at, kept()[Resolution.RAW])
    fit = sieve(points)
    ids = ids_of((point.metric for point in fit), at=at)
    rows = [Row(ids[one.metric], one.at, one.value) for one in fit if one.metric in ids]
    if strangers := len(fit) - len(rows):
        sieve.refused[TOO_MANY_METRICS] += strangers
    unknown = frozenset(one.metric for one in fit if one.metric not in ids)
    return replace(_written(rows, sieve, at), strangers=unknown)


def write_rows(rows: Sequence[Row], *, at: datetime) -> Written:
    """For whoever knows the metrics' numbers already."""
    sieve = Sieve(at, kept()[Resolution.RAW])
    return _written(sieve(rows), sieve, at)


def _written(rows: Sequence[Row], sieve: Sieve, at: datetime) -> Written:
    # Backwards, so that of two of one moment the first is what stays.
    first = dict(zip(map(KEY, reversed(rows)), reversed(rows), strict=True))
    # Everybody in this order, or two who bring the same could wait for each other for ever.
    stored = _store([first[key] for key in sorted(first)], at) if first else 0
    return Written(stored, len(rows) - stored, dict(sieve.refused))


def _store(rows: Sequence[Row], at: datetime) -> int:
    """As fast as PostgreSQL can; once more and slower when a sample is there or its day is not."""
    try:
        with transaction.atomic():
            _note(rows, at)
            return copied(binary(rows))
    except IntegrityError:
        open_parts(Resolution.RAW, {row.at for row in rows})
        with transaction.atomic():
            _note(rows, at)
            return _merged(rows)


def binary(rows: Sequence[Row]) -> bytes:
    """As COPY reads them."""
    pack = ROW.pack
    # Many samples share a moment, and its number is the dearest part of a row.
    micros = {at: (at - POSTGRES_EPOCH) // MICROSECOND for at in {row.at for row in rows}}
    packed = [pack(3, 8, metric, 8, micros[at], 8, value) for metric, at, value in rows]
    return b"".join((HEAD, *packed, END))


def copied(body: bytes) -> int:
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(COPY, BytesIO(body))
        return int(cursor.rowcount)


def _merged(rows: Sequence[Row]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(MERGE, list(map(list, zip(*rows, strict=True))))
        return int(cursor.rowcount)


def _note(rows: Sequence[Row], now: datetime) -> None:
    """What has to be rolled up because of them, a line a bucket."""
    size, metrics = Resolution.FIVE_MINUTES, defaultdict[datetime, set[int]](set)
    buckets = {moment: floor(moment, size.size) for moment in {row.at for row in rows}}
    for bucket, metric in {(buckets[at], metric) for metric, at, _ in rows}:
        metrics[bucket].add(metric)
    lines = (
        f"{size}\t{bucket}\t{{{','.join(map(str, found))}}}\t{due(bucket, now)}\n"
        for bucket, found in metrics.items()
    )
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(NOTE, StringIO("".join(lines)))

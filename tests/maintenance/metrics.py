"""Metrics with so many days of hourly roll-ups, as monitoring keeps them."""

import uuid
from datetime import timedelta

from django.db import connection

from core import clock
from monitoring.domain.resolution import Resolution, floor
from monitoring.models import Metric
from monitoring.services.partitioning import open_parts

INSERT = """
INSERT INTO monitoring_rollup_1h (metric_id, at, count, low, mean, high, keys, counts)
SELECT %s, at, 60, value, value, value, '{}', '{}'
FROM unnest(%s::timestamptz[], %s::float8[]) AS one (at, value)
"""


def measured(values, *, name="disk_used_bytes", unit="", service=None, labels=None):
    """The last value is that of the hour before this one."""
    at = floor(clock.now(), timedelta(hours=1))
    moments = [at - timedelta(hours=len(values) - place) for place in range(len(values))]
    metric = Metric.objects.create(
        name=name, unit=unit, labels=labels or {"host": "db-1"}, fingerprint=uuid.uuid4(),
        created_at=at, last_at=at, service=service,
    )  # fmt: skip
    open_parts(Resolution.HOUR, moments)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [metric.pk, moments, [float(value) for value in values]])
    return metric

"""Metrics get their number when they are first seen, up to as many as are allowed."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from monitoring.domain.samples import Identity
from monitoring.models import Kind, Metric
from monitoring.services.bounding import in_use
from teams.queries import services_named

LOCK: Final = 0x5A3B1E6  # or two who register at once would pass the bound together

CREATE = """
INSERT INTO monitoring_metric (fingerprint, name, labels, unit, kind, service_id, created_at)
SELECT fingerprint, name, labels::jsonb, unit, kind, service, %s
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])
    AS new (fingerprint, name, labels, unit, kind, service)
ON CONFLICT DO NOTHING RETURNING fingerprint, id
"""


def ids_of(metrics: Iterable[Identity], *, at: datetime) -> dict[Identity, int]:
    """The number of each; those that may not be created are missing."""
    asked = {metric.fingerprint: metric for metric in metrics}
    found = _known(asked)
    if len(found) < len(asked):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            found = _known(asked)
            new = [metric for key, metric in asked.items() if key not in found]
            room = max(0, settings.METRICS_MAX - in_use(at=at))
            if new := new[:room]:
                cursor.execute(CREATE, [at, *_columns(new)])
                found |= dict(cursor.fetchall())
    return {asked[key]: pk for key, pk in found.items()}


def _known(fingerprints: Iterable[UUID]) -> dict[UUID, int]:
    rows = Metric.objects.order_by().filter(fingerprint__in=list(fingerprints))
    return dict(rows.values_list("fingerprint", "id"))


def _columns(metrics: Sequence[Identity]) -> list[list[object]]:
    named = {metric.labels["service"] for metric in metrics if "service" in metric.labels}
    services = services_named(sorted(named))
    rows = [
        [
            metric.fingerprint,
            metric.name,
            json.dumps(metric.labels),
            metric.unit,
            metric.kind or Kind.APPLICATION,
            service.pk if (service := services.get(metric.labels.get("service", ""))) else None,
        ]
        for metric in metrics
    ]
    return [list(column) for column in zip(*rows, strict=True)]

"""The list of metrics: what is measured, found by name, label, service and class."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from core.charts.spark import Spark
from core.charts.units import said
from core.leafing import Leaves
from monitoring.charting import latest, sparks
from monitoring.domain.overview import is_stale
from monitoring.models import Alert, Kind, Metric, MetricQuerySet
from monitoring.screens.waiting import patience_with
from teams.models import Service

PAGE: Final = 50
OFFERED: Final = 200
NO_SERVICE: Final = "-"


@dataclass(frozen=True)
class Filters:
    q: str = ""
    service: str = ""
    kind: str = ""

    @classmethod
    def read(cls, asked: Any) -> "Filters":
        kind = asked.get("kind", "")
        return cls(
            q=asked.get("q", "").strip()[:200],
            service=asked.get("service", "")[:80],
            kind=kind if kind in Kind.values else "",
        )

    def apply(self, rows: MetricQuerySet) -> MetricQuerySet:
        if self.q:
            rows = rows.search(self.q)
        if self.service == NO_SERVICE:
            rows = rows.filter(service=None)
        elif self.service:
            rows = rows.filter(service__slug=self.service)
        return rows.filter(kind=self.kind) if self.kind else rows


@dataclass(frozen=True)
class Row:
    metric: Metric
    spark: Spark | None
    unit: str
    value: str
    at: datetime | None
    stale: bool
    severity: str  # of the gravest open alert about it


def listed(filters: Filters, *, page: str, at: datetime) -> dict[str, Any]:
    found = filters.apply(Metric.objects.select_related("service"))
    leaves: Any = Leaves(found, PAGE, asked=page).get_page(page)
    return {
        "page": leaves,
        "count": leaves.paginator.counted,
        "rows": rows_of(leaves, at=at),
        "filters": filters,
        "choices": {
            "service": [
                *((one.slug, one.name) for one in Service.objects.all()[:OFFERED]),
                (NO_SERVICE, _("Of no service")),
            ],
            "kind": Kind.choices,
        },
        "is_empty": not leaves.paginator.count and filters == Filters(),
    }


def rows_of(metrics: Iterable[Metric], *, at: datetime) -> list[Row]:
    """Each with its line and its newest value: four queries for all of them."""
    shown = list(metrics)
    keys = [metric.pk for metric in shown]
    lines, values, graves = sparks(keys, at=at), latest(keys, at=at), _graves(keys)
    waits, rows = patience_with(shown), []
    for metric in shown:
        unit, pk = metric.shown_in, metric.pk
        moment, value = values.get(pk, (metric.last_at, None))
        stale = is_stale(moment, at=at, patience=waits.get(pk))
        rows.append(
            Row(metric, lines.get(pk), unit, said(value, unit), moment, stale, graves.get(pk, ""))
        )
    return rows


def _graves(metrics: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    if metrics:
        rows: Any = Alert.objects.open().of_metric(*metrics).order_by()
        for key, severity in rows.values_list("metric", "severity"):
            found[int(key)] = min(severity, found.get(int(key), severity))
    return found

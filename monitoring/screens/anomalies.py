"""The list of anomalies, and what is told of one wherever it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from core.charts.spark import Spark
from core.leafing import Leaves
from monitoring.anomaly_words import bar, explained, rarity
from monitoring.charting import glances
from monitoring.domain.ranges import around
from monitoring.models import Anomaly, Kind, MetricState
from monitoring.screens.metrics import OFFERED
from teams.models import Service

PAGE: Final = 20
BEFORE: Final = timedelta(hours=2)
AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """One of them in words, with what people said of it and what that changed."""

    anomaly: Anomaly
    what: str
    rarity: str
    effect: str


@dataclass(frozen=True)
class Row:
    told: Told
    unit: str
    url: str
    spark: Spark | None
    lasts: bool


def listed(
    rows: QuerySet[Anomaly], *, service: str, kind: str, page: str, at: datetime
) -> dict[str, Any]:
    if service:
        rows = rows.filter(metric__service__slug=service)
    if kind:
        rows = rows.filter(metric__kind=kind)
    found = rows.select_related("metric__service", "metric__state", "feedback_by")
    leaf = Leaves(found, PAGE, asked=page).get_page(page)
    return {
        "rows": rows_of(list(leaf.object_list), at=at),
        "page": leaf,
        "service": service,
        "kind": kind,
        "services": Service.objects.all()[:OFFERED],
        "kinds": Kind.choices,
        "judged": MetricState.objects.filter(judged=True).count(),
    }


def rows_of(anomalies: Sequence[Anomaly], *, at: datetime) -> list[Row]:
    """With the course around each; one query for all."""
    spans = [(one.metric_id, one.at - BEFORE, one.last_at + AFTER) for one in anomalies]
    return [
        _row(one, line, at=at)
        for one, line in zip(anomalies, glances(spans), strict=True)
    ]  # fmt: skip


def _row(one: Anomaly, line: Spark | None, *, at: datetime) -> Row:
    shown = around(one.at, at=at, before=BEFORE, after=one.last_at - one.at + AFTER)
    return Row(
        told(one),
        one.metric.shown_in,
        f"{one.metric.get_absolute_url()}?{shown.query}",
        line,
        one.lasts(at),
    )


def told(one: Anomaly) -> Told:
    """Its metric's state comes with it, or this asks for it."""
    state = getattr(one.metric, "state", None)
    return Told(one, explained(one), rarity(one), bar(state) if one.feedback else "")

"""What is marked on a chart besides the values: what fired, which incidents, what was announced."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse

from core.charts.shapes import About, Band, Bar, Mark, Span
from monitoring.domain.matching import all_fit
from monitoring.domain.ranges import Range
from monitoring.domain.rules import Forecast, Rate, Threshold
from monitoring.models import Alert, Anomaly, MaintenanceWindow, Metric, Rule
from monitoring.registry import happenings

SHOWN: Final = 100
MINUTE: Final = 60.0  # of growth a rule speaks by the minute, a chart by the second


@dataclass(frozen=True)
class Happened:
    """An alert about the metric, as the list below its chart tells it."""

    title: str
    severity: str
    since: datetime
    until: datetime | None
    incident: int | None


def alerts_about(metrics: Sequence[int], shown: Range) -> list[Alert]:
    """Those of the monitor's own that name one of the metrics, the newest first."""
    rows: Any = Alert.objects.of_metric(*metrics).select_related("incident_link")
    lasting = Q(resolved_at=None) | Q(resolved_at__gt=shown.since)
    return list(rows.filter(lasting, started_at__lt=shown.until).order_by("-started_at")[:SHOWN])


def happened(alerts: Sequence[Alert]) -> list[Happened]:
    return [
        Happened(
            alert.heading, alert.severity, alert.started_at, alert.resolved_at, incident_of(alert)
        )
        for alert in alerts
    ]


def about(
    metric: Metric,
    alerts: Sequence[Alert],
    rules: Sequence[Rule],
    strange: Sequence[Anomaly],
    shown: Range,
) -> About:
    return About(
        bands=bands(strange),
        dots=dots(strange),
        bars=bars(metric, rules),
        spans=[_firing(alert, shown) for alert in alerts],
        shades=_announced(metric, shown),
        marks=[*_incidents(alerts), *_of_its_service(metric, alerts, shown)],
    )


def rules_about(metric: Metric) -> list[Rule]:
    """Those that judge it now."""
    rules = Rule.objects.filter(enabled=True, metric=metric.name)[:SHOWN]
    return [rule for rule in rules if rule.sound and all_fit(rule.labelled, metric.labels)]


def bars(metric: Metric, rules: Sequence[Rule]) -> list[Bar]:
    """Where they begin to fire, or what they foresee, as far as it is a height of this chart."""
    found = ((rule, _height(metric, rule)) for rule in rules)
    return [
        Bar(height, rule.name, rule.severity.lower())
        for rule, height in found
        if height is not None
    ]


def _height(metric: Metric, rule: Rule) -> float | None:
    judge = rule.judge
    if isinstance(judge, Threshold) and judge.aggregate != "sum" and not metric.grows:
        return judge.bar.limit
    if isinstance(judge, Rate) and judge.counter and metric.grows:
        return judge.bar.limit / MINUTE
    if isinstance(judge, Forecast) and not metric.grows:
        return judge.full
    return None


def anomalies_about(metrics: Collection[int], shown: Range) -> list[Anomaly]:
    """The newest first."""
    rows = Anomaly.objects.filter(metric__in=metrics).within(shown.since, shown.until)
    return list(rows.select_related("metric__state", "feedback_by").order_by("-at", "-pk")[:SHOWN])


def bands(strange: Iterable[Anomaly]) -> list[Band]:
    """Between what each was expected, while it lasted."""
    return [
        Band(one.at, one.until, band.low, band.high) for one in strange if (band := one.expected)
    ]


def dots(strange: Iterable[Anomaly]) -> list[tuple[datetime, float]]:
    return [(one.peak_at, seen) for one in strange if (seen := one.seen) is not None]


def incident_of(alert: Alert) -> int | None:
    """By the link that incidents keep: this layer knows its number and nothing more."""
    link: Any = getattr(alert, "incident_link", None)
    return link.incident_id if link else None


def _firing(alert: Alert, shown: Range) -> Span:
    until = alert.resolved_at or shown.until
    return Span(alert.started_at, until, alert.heading, alert.severity.lower())


def _incidents(alerts: Sequence[Alert]) -> list[Mark]:
    """Each incident once, where the first of these alerts began."""
    first: dict[int, Alert] = {}
    for alert in alerts:  # the newest first: what is seen last began first
        if number := incident_of(alert):
            first[number] = alert
    return [
        Mark(
            alert.started_at, f"#{number}", alert.severity.lower(),
            reverse("incidents:room", args=[number]),
        )
        for number, alert in first.items()
    ]  # fmt: skip


def _of_its_service(metric: Metric, alerts: Sequence[Alert], shown: Range) -> list[Mark]:
    """What else happened to its service, such as an incident that a person declared."""
    if metric.service_id is None:
        return []
    told = {f"#{number}" for alert in alerts if (number := incident_of(alert))}
    return [
        mark
        for name in happenings
        for mark in happenings[name].of_service(metric.service_id, shown.since, shown.until)
        if mark.label not in told
    ]


def _announced(metric: Metric, shown: Range) -> list[Span]:
    rows = MaintenanceWindow.objects.prefetch_related("services")
    windows = rows.in_force_since(shown.since).filter(starts_at__lt=shown.until)[:SHOWN]
    return [
        Span(window.starts_at, window.over_at, str(window), "maintenance")
        for window in windows
        if not (services := window.services.all()) or metric.service_id in {s.pk for s in services}
    ]

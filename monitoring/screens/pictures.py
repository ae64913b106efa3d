"""The chart behind an alert: the metric it names, around the time it began, the moment marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from core.charts.lines import About, Chart, Mark, Span
from core.charts.spark import Spark
from core.charts.units import said
from monitoring.charting import courses, latest, sparks
from monitoring.domain.ranges import Range, around
from monitoring.models import Alert, Metric
from monitoring.screens.metric import drawn

LED_TO_IT: Final = timedelta(hours=1)
FOLLOWED: Final = timedelta(hours=1)  # after the end
POINTS: Final = 250
HEIGHT: Final = 96.0


@dataclass(frozen=True)
class Picture:
    metric: Metric
    chart: Chart
    url: str
    now: str


@dataclass(frozen=True)
class Glimpse:
    """In a list there is room for a line only."""

    metric: Metric
    spark: Spark | None
    unit: str
    url: str


def pictures(
    alerts: Sequence[Alert], *, began: datetime, ended: datetime | None, at: datetime, most: int
) -> list[Picture]:
    """One for each metric that the alerts name, the gravest alert's first: three queries at most."""
    by_metric = _by_metric(alerts)
    shown = concerned(alerts, most=most)
    if not shown:
        return []
    span = _span(began, ended, at)
    keys = [metric.pk for metric in shown]
    found = courses(keys, span.since, span.until, points=POINTS, at=at)
    newest = latest(keys, at=at)
    zone = timezone.get_current_timezone()
    return [
        Picture(
            metric,
            drawn(
                metric, found[metric.pk], span, zone, height=HEIGHT,
                besides=_besides(by_metric[metric.pk], span),
            ),
            f"{metric.get_absolute_url()}?{span.query}",
            said(newest[metric.pk][1], metric.shown_in)
            if metric.pk in newest
            else "",
        )
        for metric in shown
    ]  # fmt: skip


def concerned(alerts: Sequence[Alert], *, most: int) -> list[Metric]:
    """The metrics that the alerts name, the gravest alert's first."""
    named = list(_by_metric(alerts))
    metrics = Metric.objects.in_bulk(named[: 3 * most]) if named else {}
    return [metrics[pk] for pk in named if pk in metrics][:most]


def _by_metric(alerts: Sequence[Alert]) -> dict[int, list[Alert]]:
    found: dict[int, list[Alert]] = {}
    for alert in sorted(alerts, key=lambda alert: (alert.severity, alert.started_at)):
        if pk := alert.names_metric:
            found.setdefault(pk, []).append(alert)
    return found


def glimpses(alerts: Iterable[Alert], *, at: datetime) -> Mapping[int, Glimpse]:
    """By alert: of those that fire the last hours, of the others the way to theirs."""
    named = {alert.pk: pk for alert in alerts if (pk := alert.names_metric)}
    metrics = Metric.objects.in_bulk(set(named.values())) if named else {}
    firing = {named[a.pk] for a in alerts if a.pk in named and not a.resolved_at} & set(metrics)
    lines = sparks(firing, at=at) if firing else {}
    return {
        alert.pk: _glimpse(metrics[named[alert.pk]], alert, lines, at=at)
        for alert in alerts
        if named.get(alert.pk) in metrics
    }


def _glimpse(metric: Metric, alert: Alert, lines: Mapping[int, Spark], *, at: datetime) -> Glimpse:
    span = _span(alert.started_at, alert.resolved_at, at)
    line = None if alert.resolved_at else lines.get(metric.pk)
    url = f"{metric.get_absolute_url()}?{span.query}"
    return Glimpse(metric, line, metric.shown_in, url)


def _span(began: datetime, ended: datetime | None, at: datetime) -> Range:
    """A third of it is what led there, so that the beginning is in sight however long it lasts."""
    lasted = (ended or at) - began
    before = max(LED_TO_IT, lasted / 2)
    return around(began, at=at, before=before, after=lasted + (FOLLOWED if ended else timedelta(0)))


def _besides(alerts: Sequence[Alert], span: Range) -> About:
    first = min(alerts, key=lambda alert: alert.started_at)
    return About(
        spans=[
            Span(
                alert.started_at, alert.resolved_at or span.until, alert.title,
                alert.severity.lower(),
            )
            for alert in alerts
        ],
        marks=[Mark(first.started_at, f"{timezone.localtime(first.started_at):%H:%M}", first.severity.lower())],
    )  # fmt: skip

"""The chart behind an alert: the metric it names, around the time it began, and what was expected."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from core.charts.shapes import About, Chart, Mark, Span
from core.charts.units import said
from monitoring.charting import courses, latest
from monitoring.domain.ranges import Range, around
from monitoring.models import Alert, Anomaly, Metric, Rule
from monitoring.screens.annotations import anomalies_about, bands, bars, dots
from monitoring.screens.anomalies import Told, told
from monitoring.screens.metric import drawn

LED_TO_IT: Final = timedelta(hours=1)
FOLLOWED: Final = timedelta(hours=1)  # after the end
POINTS: Final = 250
HEIGHT: Final = 96.0
TOLD: Final = 2  # anomalies under a chart


@dataclass(frozen=True)
class Picture:
    metric: Metric
    chart: Chart
    url: str
    now: str
    strange: list[Told]


def pictures(
    alerts: Sequence[Alert], *, began: datetime, ended: datetime | None, at: datetime, most: int
) -> list[Picture]:
    """One for each metric that the alerts name, the gravest alert's first: five queries at most."""
    by_metric = _by_metric(alerts)
    shown = concerned(alerts, most=most)
    if not shown:
        return []
    span = span_of(began, ended, at)
    keys = [metric.pk for metric in shown]
    found = courses(keys, span.since, span.until, points=POINTS, at=at)
    newest = latest(keys, at=at)
    strange = defaultdict[int, list[Anomaly]](list)
    for one in anomalies_about(keys, span):
        strange[one.metric_id].append(one)
    rules = _rules(alert for pk in keys for alert in by_metric[pk])
    zone = timezone.get_current_timezone()
    return [
        Picture(
            metric,
            drawn(
                metric, found[metric.pk], span, zone, height=HEIGHT,
                besides=_besides(metric, by_metric[metric.pk], rules, strange[metric.pk], span),
            ),
            f"{metric.get_absolute_url()}?{span.query}",
            said(newest[metric.pk][1], metric.shown_in)
            if metric.pk in newest
            else "",
            [told(one) for one in strange[metric.pk][:TOLD]],
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


def span_of(began: datetime, ended: datetime | None, at: datetime) -> Range:
    """A third of it is what led there, so that the beginning is in sight however long it lasts."""
    lasted = (ended or at) - began
    before = max(LED_TO_IT, lasted / 2)
    return around(began, at=at, before=before, after=lasted + (FOLLOWED if ended else timedelta(0)))


def _rules(alerts: Iterable[Alert]) -> dict[int, Rule]:
    named = {rule for alert in alerts if (rule := alert.names_rule)}
    rules = Rule.objects.filter(pk__in=named) if named else Rule.objects.none()
    return {rule.pk: rule for rule in rules if rule.sound}


def _besides(
    metric: Metric,
    alerts: Sequence[Alert],
    rules: Mapping[int, Rule],
    strange: Sequence[Anomaly],
    span: Range,
) -> About:
    first = min(alerts, key=lambda alert: alert.started_at)
    theirs = dict.fromkeys(pk for alert in alerts if (pk := alert.names_rule) in rules)
    return About(
        bars=bars(metric, [rules[pk] for pk in theirs if pk]),
        bands=bands(strange),
        dots=dots(strange),
        spans=[
            Span(
                alert.started_at, alert.resolved_at or span.until, alert.heading,
                alert.severity.lower(),
            )
            for alert in alerts
        ],
        marks=[Mark(first.started_at, f"{timezone.localtime(first.started_at):%H:%M}", first.severity.lower())],
    )  # fmt: skip

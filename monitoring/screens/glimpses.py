"""What is seen of an alert in a list: the course of its metric, and what was strange about it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.charts.spark import Spark
from monitoring.charting import sparks
from monitoring.models import Alert, Anomaly, Metric, Rule, RuleKind
from monitoring.screens.anomalies import Told, told
from monitoring.screens.pictures import span_of


@dataclass(frozen=True)
class Glimpse:
    """In a list there is room for a line only."""

    metric: Metric
    spark: Spark | None
    unit: str
    url: str
    told: Told | None


def glimpses(alerts: Sequence[Alert], *, at: datetime) -> Mapping[int, Glimpse]:
    """By alert: of those that fire the last hours, of the others the way to theirs."""
    named = {alert.pk: pk for alert in alerts if (pk := alert.names_metric)}
    metrics = Metric.objects.in_bulk(set(named.values())) if named else {}
    theirs = [alert for alert in alerts if named.get(alert.pk) in metrics]
    firing = {named[alert.pk] for alert in theirs if not alert.resolved_at}
    lines = sparks(firing, at=at) if firing else {}
    strange = _strange(theirs, at)
    return {
        alert.pk: _glimpse(metrics[named[alert.pk]], alert, lines, strange.get(alert.pk), at=at)
        for alert in theirs
    }


def _strange(alerts: Iterable[Alert], at: datetime) -> dict[int, Anomaly]:
    """By alert of a rule about anomalies, the newest that it speaks of."""
    ruled = {alert: rule for alert in alerts if (rule := alert.names_rule)}
    rules = Rule.objects.filter(pk__in=set(ruled.values()), kind=RuleKind.ANOMALY)
    about = set(rules.values_list("pk", flat=True)) if ruled else set()
    asking = [alert for alert, rule in ruled.items() if rule in about]
    if not asking:
        return {}
    rows = Anomaly.objects.filter(metric__in={alert.names_metric for alert in asking}).within(
        min(alert.started_at for alert in asking), at
    )
    found = defaultdict[int, list[Anomaly]](list)
    for one in rows.select_related("metric__state", "feedback_by").order_by("at", "pk"):
        found[one.metric_id].append(one)
    return {
        alert.pk: one
        for alert in asking
        for one in found[alert.names_metric or 0]
        if one.until > alert.started_at and one.at < (alert.resolved_at or at)
    }


def _glimpse(
    metric: Metric,
    alert: Alert,
    lines: Mapping[int, Spark],
    strange: Anomaly | None,
    *,
    at: datetime,
) -> Glimpse:
    span = span_of(alert.started_at, alert.resolved_at, at)
    line = None if alert.resolved_at else lines.get(metric.pk)
    url = f"{metric.get_absolute_url()}?{span.query}"
    return Glimpse(metric, line, metric.shown_in, url, told(strange) if strange else None)

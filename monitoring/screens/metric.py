"""One metric: its course, what happened on it, how its values are spread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts.lines import chart
from core.charts.shapes import Chart, Point
from core.charts.units import said
from monitoring.anomaly_words import bar
from monitoring.charting import Bin, Series, latest, series, spread
from monitoring.domain.overview import is_stale
from monitoring.domain.ranges import LENGTHS, Range, stamp
from monitoring.domain.rules import State
from monitoring.models import Metric, MetricState, Rule, RuleState
from monitoring.rule_words import STATES, TONES, condition
from monitoring.screens.annotations import (
    about,
    alerts_about,
    anomalies_about,
    happened,
    rules_about,
)
from monitoring.screens.anomalies import told
from monitoring.screens.usual import usual
from monitoring.screens.waiting import patience_with

POINTS: Final = 500
ROWS: Final = 48
TOLD: Final = 10
SHARES: Final = (0.5, 0.95, 0.99)
LEAST_GAP: Final = timedelta(minutes=3)

NAMES: Final[dict[str, Promise]] = {
    "1h": gettext_lazy("1 hour"),
    "6h": gettext_lazy("6 hours"),
    "24h": gettext_lazy("24 hours"),
    "7d": gettext_lazy("7 days"),
    "30d": gettext_lazy("30 days"),
    "1y": gettext_lazy("1 year"),
}


@dataclass(frozen=True)
class Figure:
    label: str
    value: str


@dataclass(frozen=True)
class Judging:
    """A rule in words, for most have no height that a chart could show."""

    rule: Rule
    condition: str
    word: Promise
    tone: str


@dataclass(frozen=True)
class Line:
    at: datetime
    low: str
    mean: str
    high: str


def version(metric: Metric, shown: Range, *, at: datetime) -> str:
    """Changes with a new sample, an alert that begins or ends, and as the picture moves on."""
    newest = latest([metric.pk], at=at).get(metric.pk)
    alerts = alerts_about([metric.pk], shown)
    open_ = sum(alert.resolved_at is None for alert in alerts)
    moved = int(at.timestamp() // max(60.0, shown.length.total_seconds() / POINTS))
    heard = int(newest[0].timestamp() * 1000) if newest else 0
    strange = anomalies_about([metric.pk], shown)
    said = max((int(one.feedback_at.timestamp()) for one in strange if one.feedback_at), default=0)
    return f"{heard}-{len(alerts)}-{open_}-{len(strange)}-{said}-{moved}"


def detail(metric: Metric, shown: Range, *, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    found = series(metric.pk, shown.since, shown.until, points=POINTS, at=at)
    alerts, rules = alerts_about([metric.pk], shown), rules_about(metric)
    strange = anomalies_about([metric.pk], shown)
    state = MetricState.objects.filter(pk=metric.pk).first()
    besides = replace(about(metric, alerts, rules, strange, shown), usual=usual(state, shown))
    unit = metric.shown_in
    moment, value = latest([metric.pk], at=at).get(metric.pk, (metric.last_at, None))
    return {
        "metric": metric,
        "shown": shown,
        "ranges": [(key, NAMES[key]) for key in LENGTHS],
        "chart": drawn(metric, found, shown, zone, besides=besides),
        "now": said(value, unit),
        "heard_at": moment,
        "stale": is_stale(moment, at=at, patience=patience_with([metric]).get(metric.pk)),
        "state": state,
        "judged": bar(state),
        "figures": _figures(metric, found.bins, shown, unit, at=at),
        "happened": happened(alerts),
        "strange": [told(one) for one in strange[:TOLD]],
        "rules": _judging(metric, rules),
        "numbers": _numbers(found.bins, unit),
        "has_numbers": bool(found.bins),
        "unit": unit,
        "gap": gap_of(found).total_seconds(),
        "zone": str(zone),
        "since": stamp(shown.since),
        "until": stamp(shown.until),
    }


def drawn(
    metric: Metric, found: Series, shown: Range, zone: ZoneInfo, *, besides: Any = None,
    height: float = 220.0,
) -> Chart:  # fmt: skip
    return chart(
        points_of(found.bins), shown.since, shown.until, gap=gap_of(found), zone=zone,
        unit=metric.shown_in, height=height, about=besides,
    )  # fmt: skip


def points_of(bins: Sequence[Bin]) -> list[Point]:
    return [Point(one.at, one.low, one.mean, one.high) for one in bins]


def gap_of(found: Series) -> timedelta:
    """Three times as long as readings are usually apart: then some are missing."""
    apart = [(after.at - before.at).total_seconds() for before, after in pairwise(found.bins)]
    usual = timedelta(seconds=median(apart)) if apart else timedelta(0)
    return max(LEAST_GAP, 3 * max(usual, found.step))


def _judging(metric: Metric, rules: Sequence[Rule]) -> list[Judging]:
    rows = RuleState.objects.filter(metric=metric, rule__in=rules)
    states = {pk: State(state) for pk, state in rows.values_list("rule", "state")}
    return [
        Judging(rule, condition(rule), STATES[state], TONES[state])
        for rule in rules
        for state in [states.get(rule.pk, State.OK)]
    ]


def _figures(
    metric: Metric, bins: Sequence[Bin], shown: Range, unit: str, *, at: datetime
) -> list[Figure]:
    if not bins:
        return []
    count = sum(one.count for one in bins)
    mean = sum(one.mean * one.count for one in bins) / count
    found = [
        Figure(_("lowest"), said(min(one.low for one in bins), unit)),
        Figure(_("mean"), said(mean, unit)),
        Figure(_("highest"), said(max(one.high for one in bins), unit)),
    ]
    sketch = spread(metric.pk, shown.since, shown.until, at=at)
    found += [
        Figure(f"p{100 * share:g}", said(sketch.quantile(share), unit))
        for share in SHARES
        if sketch.count
    ]
    return [*found, Figure(_("readings"), f"{count:,}")]


def _numbers(bins: Sequence[Bin], unit: str) -> list[Line]:
    """The chart for who cannot see it: so few lines that they can be listened to."""
    size = -(-len(bins) // ROWS) or 1
    parts = [bins[start : start + size] for start in range(0, len(bins), size)]
    return [
        Line(
            part[0].at,
            said(min(one.low for one in part), unit),
            said(sum(one.mean * one.count for one in part) / sum(one.count for one in part), unit),
            said(max(one.high for one in part), unit),
        )
        for part in parts
    ]

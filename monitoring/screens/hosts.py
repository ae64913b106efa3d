"""Hosts: how each is, and all that is measured on one, side by side on one axis of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Max
from django.db.models.fields.json import KT
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.charts.shapes import Chart
from core.charts.spark import Spark
from core.charts.units import said
from core.leafing import Leaves
from monitoring.charting import courses, latest, sparks
from monitoring.domain.hosts import About, about, short
from monitoring.domain.overview import is_stale
from monitoring.domain.ranges import LENGTHS, Range
from monitoring.models import Alert, Check, Metric
from monitoring.screens.metric import NAMES, drawn
from monitoring.screens.waiting import patience_with_hosts

PAGE: Final = 50
CHARTS: Final = 60
POINTS: Final = 190
HEIGHT: Final = 64.0
SHOWN: Final = 50
# What a host is judged by at a glance, by whoever measured it.
FIGURES: Final[tuple[tuple[About, Promise, tuple[str, ...]], ...]] = (
    (About.CPU, _("CPU"), ("host_cpu_used", "cpu_used_ratio", "cpu_percent")),
    (About.MEMORY, _("memory"), ("host_memory_used", "memory_used_ratio", "memory_percent")),
    (About.DISK, _("fullest disk"), ("host_disk_used", "disk_used_ratio", "disk_percent")),
)
TITLES: Final[dict[About, Promise]] = {
    About.CPU: _("CPU"),
    About.MEMORY: _("memory"),
    About.DISK: _("disks"),
    About.NETWORK: _("network"),
    About.LOAD: _("load"),
    About.PROCESSES: _("processes"),
    About.OTHER: _("other"),
}
OUR_LABELS: Final = {"host", "service", "check", "job", "instance"}


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    spark: Spark | None
    unit: str


@dataclass(frozen=True)
class Row:
    name: str
    metrics: int
    last_at: datetime | None
    stale: bool
    severity: str
    alerts: int
    figures: list[Figure]


@dataclass(frozen=True)
class Small:
    metric: Metric
    name: str
    detail: str
    chart: Chart
    now: str


@dataclass(frozen=True)
class Group:
    title: str
    charts: list[Small]


def listed(q: str, *, page: str, at: datetime) -> dict[str, Any]:
    rows: Any = Metric.objects.filter(labels__has_key="host").annotate(host=KT("labels__host"))
    if q:
        rows = rows.filter(host__icontains=q)
    rows = rows.order_by("host").values("host").annotate(n=Count("pk"), last=Max("last_at"))
    leaves: Any = Leaves(rows, PAGE, asked=page).get_page(page)
    found = list(leaves)
    hosts = [row["host"] for row in found]
    figures, alerts, waits = _figures(hosts, at=at), _alerts(hosts), patience_with_hosts(hosts)
    return {
        "page": leaves,
        "count": leaves.paginator.counted,
        "q": q,
        "titles": [title for _about, title, _names in FIGURES],
        "rows": [
            Row(
                row["host"], row["n"], row["last"],
                is_stale(row["last"], at=at, patience=waits.get(row["host"])),
                *alerts.get(row["host"], ("", 0)), figures[row["host"]],
            )
            for row in found
        ],
    }  # fmt: skip


def _figures(hosts: Sequence[str], *, at: datetime) -> dict[str, list[Figure]]:
    """CPU, memory and the fullest disk of each: three queries for all."""
    names = [name for *_rest, named in FIGURES for name in named]
    metrics: Any = Metric.objects.filter(labels__has_key="host", name__in=names)
    rows = list(metrics.annotate(host=KT("labels__host")).filter(host__in=hosts)) if hosts else []
    values = latest([row.pk for row in rows], at=at) if rows else {}
    chosen: dict[tuple[str, About], Metric] = {}
    for row in rows:
        place = (row.host, about(row.name))
        if place not in chosen or _value(values, row) > _value(values, chosen[place]):
            chosen[place] = row
    lines = sparks([one.pk for one in chosen.values()], at=at) if chosen else {}
    return {
        host: [
            _figure(str(label), chosen.get((host, kind)), values, lines)
            for kind, label, _names in FIGURES
        ]
        for host in hosts
    }


def _value(values: dict[int, tuple[datetime, float]], metric: Metric) -> float:
    return values[metric.pk][1] if metric.pk in values else float("-inf")


def _figure(
    label: str,
    metric: Metric | None,
    values: dict[int, tuple[datetime, float]],
    lines: dict[int, Spark],
) -> Figure:
    if metric is None or metric.pk not in values:
        return Figure(label, "–", None, "")
    unit = metric.shown_in
    return Figure(label, said(values[metric.pk][1], unit), lines.get(metric.pk), unit)


def _alerts(hosts: Sequence[str]) -> dict[str, tuple[str, int]]:
    rows: Any = Alert.objects.open().filter(labels__has_key="host").order_by()
    rows = rows.annotate(host=KT("labels__host")).filter(host__in=hosts)
    found: dict[str, tuple[str, int]] = {}
    for host, severity, count in rows.values_list("host", "severity").annotate(n=Count("pk")):
        worst, so_far = found.get(host, (severity, 0))
        found[host] = (min(worst, severity), so_far + count)
    return found


def detail(host: str, shown: Range, *, at: datetime, zone: ZoneInfo) -> dict[str, Any] | None:
    """None where nothing was ever measured on it."""
    metrics = list(Metric.objects.of_host(host).order_by("name", "id")[: 5 * CHARTS])
    if not metrics:
        return None
    metrics.sort(key=lambda metric: list(About).index(about(metric.name)))
    seen = metrics[:CHARTS]
    keys = [metric.pk for metric in seen]
    found = courses(keys, shown.since, shown.until, points=POINTS, at=at)
    values = latest(keys, at=at)
    groups: dict[About, list[Small]] = {}
    for metric in seen:
        small = _small(metric, drawn(metric, found[metric.pk], shown, zone, height=HEIGHT), values)
        groups.setdefault(about(metric.name), []).append(small)
    alerts: Any = (
        Alert.objects.open().filter(labels__has_key="host").annotate(host=KT("labels__host"))
    )
    return {
        "host": host,
        "shown": shown,
        "ranges": [(key, NAMES[key]) for key in LENGTHS],
        "groups": [Group(str(TITLES[kind]), groups[kind]) for kind in About if kind in groups],
        "more": len(metrics) - len(seen),
        "heard_at": max((moment for moment, _ in values.values()), default=metrics[0].last_at),
        "alerts": list(alerts.filter(host=host).select_related("incident_link")[:SHOWN]),
        "checks": list(Check.objects.filter(host=host)[:SHOWN]),
    }


def _small(metric: Metric, chart: Chart, values: dict[int, tuple[datetime, float]]) -> Small:
    told = ", ".join(value for name, value in metric.sorted_labels if name not in OUR_LABELS)
    unit = metric.shown_in
    now = said(values[metric.pk][1], unit) if metric.pk in values else "–"
    return Small(metric, short(metric.name), told, chart, now)

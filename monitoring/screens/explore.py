"""Metrics over one another: a panel for each unit, or all between their own lowest and highest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.charts.several import Course, Several, several
from core.charts.shapes import Point
from core.charts.units import said
from monitoring.charting import Series, courses
from monitoring.domain.ranges import LENGTHS, Range, read
from monitoring.models import Metric
from monitoring.screens.metric import NAMES, gap_of

MOST: Final = 8
POINTS: Final = 500
OFFERED: Final = 12
EARLIER: Final = {"day": timedelta(days=1), "week": timedelta(days=7)}
THAN: Final[dict[str, Promise]] = {"day": _("yesterday"), "week": _("last week")}


@dataclass(frozen=True)
class Asked:
    """What the address says; it says all, so that it can be passed on."""

    metrics: tuple[int, ...]
    shown: Range
    than: str = ""
    normalised: bool = False
    q: str = ""

    @classmethod
    def read(cls, asked: Any, *, at: datetime, zone: ZoneInfo) -> "Asked":
        told = [int(pk) for pk in asked.getlist("m") if pk.isdecimal() and len(pk) < 19]
        than = asked.get("than", "")
        return cls(
            metrics=tuple(dict.fromkeys(told))[:MOST],
            shown=read(asked, at=at, zone=zone),
            than=than if than in EARLIER else "",
            normalised=asked.get("norm") == "1",
            q=asked.get("q", "").strip()[:200],
        )

    def address(self, **changed: Any) -> str:
        """The same, but for this."""
        parts = {
            "m": self.metrics,
            "than": self.than,
            "norm": "1" if self.normalised else "",
            "q": "",
        } | changed
        kept = {name: value for name, value in parts.items() if value}
        return f"?{urlencode(kept, doseq=True)}&{changed.get('range') or self.shown.query}"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """For a form that changes something else."""
        parts = [("m", str(pk)) for pk in self.metrics]
        parts += [("than", self.than)] if self.than else []
        return [*parts, ("norm", "1")] if self.normalised else parts


@dataclass(frozen=True)
class Legend:
    number: int
    metric: Metric
    labels: list[tuple[str, str]]
    last: str
    mean: str
    earlier: str
    without: str  # the address without it


@dataclass(frozen=True)
class Panel:
    unit: str
    drawing: Several


def explored(asked: Asked, *, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    known = Metric.objects.select_related("service").in_bulk(asked.metrics)
    metrics = [known[pk] for pk in asked.metrics if pk in known]
    keys, shown = [metric.pk for metric in metrics], asked.shown
    now = courses(keys, shown.since, shown.until, points=POINTS, at=at)
    then: dict[int, Series] = {}
    if asked.than and keys:
        ago = EARLIER[asked.than]
        then = courses(keys, shown.since - ago, shown.until - ago, points=POINTS, at=at)
    return {
        "asked": asked,
        "shown": shown,
        "ranges": [(key, NAMES[key]) for key in LENGTHS],
        "keep": asked.kept,
        "panels": _panels(metrics, now, then, asked, zone),
        "legend": [
            _legend(number, metric, now, then, asked) for number, metric in enumerate(metrics, 1)
        ],
        "offered": _offered(asked, metrics),
        "alike": _alike(asked, metrics),
        "choices": [("", _("nothing earlier")), *THAN.items()],
        "full": len(metrics) >= MOST,
    }


def _panels(
    metrics: Sequence[Metric],
    now: dict[int, Series],
    then: dict[int, Series],
    asked: Asked,
    zone: ZoneInfo,
) -> list[Panel]:
    by_unit: dict[str, list[Course]] = {}
    for number, metric in enumerate(metrics, 1):
        unit = "" if asked.normalised else metric.shown_in
        drawn = by_unit.setdefault(unit, [])
        if metric.pk in then:
            drawn.append(_course(number, then[metric.pk], ago=EARLIER[asked.than]))
        drawn.append(_course(number, now[metric.pk]))
    height = 260.0 if len(by_unit) == 1 else 160.0
    return [
        Panel(
            unit,
            several(
                drawn, asked.shown.since, asked.shown.until, zone=zone, unit=unit, height=height,
                normalised=asked.normalised,
            ),
        )
        for unit, drawn in by_unit.items()
    ]  # fmt: skip


def _course(number: int, found: Series, *, ago: timedelta = timedelta(0)) -> Course:
    """What was earlier is drawn as if it were now."""
    points = [Point(one.at + ago, one.low, one.mean, one.high) for one in found.bins]
    return Course(number, points, gap_of(found), faint=bool(ago))


def _legend(
    number: int, metric: Metric, now: dict[int, Series], then: dict[int, Series], asked: Asked
) -> Legend:
    unit, bins = metric.shown_in, now[metric.pk].bins
    rest = tuple(pk for pk in asked.metrics if pk != metric.pk)
    return Legend(
        number,
        metric,
        metric.sorted_labels,
        said(bins[-1].mean if bins else None, unit),
        said(_mean(now[metric.pk]), unit),
        said(_mean(then[metric.pk]), unit) if metric.pk in then else "",
        asked.address(m=rest),
    )


def _mean(found: Series) -> float | None:
    count = sum(one.count for one in found.bins)
    return sum(one.mean * one.count for one in found.bins) / count if count else None


def _offered(asked: Asked, metrics: Sequence[Metric]) -> list[tuple[Metric, str]]:
    """What the search found, each with the address that adds it."""
    if not asked.q:
        return []
    there = {metric.pk for metric in metrics}
    found = Metric.objects.search(asked.q)[: OFFERED + MOST]
    fresh = [metric for metric in found if metric.pk not in there][:OFFERED]
    return [(metric, asked.address(m=(*asked.metrics, metric.pk), q=asked.q)) for metric in fresh]


def _alike(asked: Asked, metrics: Sequence[Metric]) -> str:
    """The address that lays the same metric of other labels beside it."""
    if len(metrics) != 1:
        return ""
    same = Metric.objects.filter(name=metrics[0].name).exclude(pk=metrics[0].pk)
    keys = list(same.values_list("pk", flat=True)[: MOST - 1])
    return asked.address(m=(metrics[0].pk, *keys)) if keys else ""

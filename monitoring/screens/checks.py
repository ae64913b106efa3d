"""Checks as they are seen: states in words, the value that tells most, and its last hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.charts.spark import Spark
from core.charts.units import said, unit_of
from core.leafing import Leaves
from monitoring.charting import sparks
from monitoring.domain.checks import Measured, Outcome, State, points_of
from monitoring.domain.samples import Point
from monitoring.models import Check, Metric
from monitoring.registry import collectors
from monitoring.screens.metrics import rows_of

PAGE: Final = 100
PAUSED, SILENT = "paused", "silent"
WORDS: Final[dict[str, Promise]] = {
    State.NEW: _("not run yet"),
    State.OK: _("well"),
    State.FAILING: _("fails"),
    State.HANGING: _("hangs"),
    PAUSED: _("paused"),
    SILENT: _("no data"),
}
TONES: Final = {State.OK: "good", State.FAILING: "p2", State.HANGING: "p2", SILENT: "p1"}
TROUBLE_FIRST: Final = Case(
    When(Q(silent=True), then=0),
    When(Q(enabled=False), then=9),
    When(Q(state__in=[State.FAILING, State.HANGING]), then=1),
    When(Q(state=State.NEW), then=2),
    default=Value(3),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Shown:
    """One reading, in words."""

    name: str
    labels: list[tuple[str, str]]
    value: str


@dataclass(frozen=True)
class Row:
    check: Check
    title: Promise | str
    word: Promise
    tone: str
    headline: Shown | None
    unit: str
    spark: Spark | None


def listed(*, page: str, at: datetime) -> dict[str, Any]:
    checks = Check.objects.select_related("service").order_by(TROUBLE_FIRST, "name")
    leaves: Any = Leaves(checks, PAGE, asked=page).get_page(page)
    return {"page": leaves, "count": leaves.paginator.counted, "rows": _rows(leaves, at=at)}


def detail(check: Check, *, at: datetime) -> dict[str, Any]:
    (row,) = _rows([check], at=at)
    prints = [point.metric.fingerprint for point in _points(check)]
    found = Metric.objects.select_related("service").filter(fingerprint__in=prints)
    metrics = sorted(found, key=lambda metric: prints.index(metric.fingerprint))
    collector = collectors.get(check.collector)
    fields = collector.form.base_fields if collector else {}
    return {
        "row": row,
        "check": check,
        "measured": rows_of(metrics, at=at),
        "settings": [
            (field.label, check.settings[name])
            for name, field in fields.items()
            if check.settings.get(name) not in (None, "", False, [])
        ],
    }


def shown(readings: Iterable[Measured]) -> list[Shown]:
    return [
        Shown(one.name, sorted(one.labels.items()), said(one.value, unit_of(one.name, one.unit)))
        for one in readings
    ]


def _rows(checks: Iterable[Check], *, at: datetime) -> list[Row]:
    """With the course of what each read first: two queries for all of them."""
    listed = list(checks)
    first = {check.pk: _points(check)[0].metric.fingerprint for check in listed}
    found = Metric.objects.order_by().filter(fingerprint__in=first.values())
    keys = dict(found.values_list("fingerprint", "pk"))
    lines = sparks(keys.values(), at=at)
    return [_row(check, lines.get(keys.get(first[check.pk], 0))) for check in listed]


def _row(check: Check, line: Spark | None) -> Row:
    readings = _read(check)
    collector = collectors.get(check.collector)
    state = SILENT if check.silent else check.state
    state = state if check.enabled else PAUSED
    return Row(
        check=check,
        title=collector.title if collector else "–",
        word=WORDS[state],
        tone=TONES.get(state, ""),
        headline=next(iter(shown(readings[:1])), None),
        unit=Metric(name=readings[0].name, unit=readings[0].unit).shown_in
        if readings
        else "seconds",
        spark=line,
    )


def _points(check: Check) -> list[Point]:
    """All that it measured last, as the store knows it; how long it took comes at the end."""
    collector = collectors.get(check.collector)
    of_host = bool(collector and collector.of_host)
    outcome = Outcome(State.OK, 0, readings=_read(check), of_host=of_host)
    service = check.service.slug if check.service else ""
    points, _faults = points_of(check.job(at=check.since, service=service), outcome)
    return points


def _read(check: Check) -> tuple[Measured, ...]:
    return tuple(Measured(**one) for one in check.readings)

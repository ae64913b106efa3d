"""The traffic lights: services by classes, the worst of each in sight."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Count, Max, Min, Q
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.charts.spark import Spark
from monitoring.charting import sparks
from monitoring.domain.overview import (
    ORDER,
    SILENT_AFTER,
    Firing,
    Measured,
    State,
    cause_of,
    kind_of,
    patience,
    state_of,
    worst,
)
from monitoring.domain.samples import KINDS
from monitoring.models import Alert, Check, Kind, Metric
from teams.models import Service

ALIKE: Final = 5_000  # groups of open alerts that are told apart; more is one storm
MINUTE: Final = timedelta(minutes=1)

WORDS: Final[dict[State, Promise | str]] = {
    State.STALE: gettext_lazy("no data"),
    State.QUIET: gettext_lazy("calls nobody"),
    State.CALM: gettext_lazy("calm"),
    State.UNKNOWN: gettext_lazy("not measured"),
}


class Place(NamedTuple):
    service: int | None
    kind: str


@dataclass(frozen=True)
class Cell:
    kind: str
    label: str
    state: State
    word: str
    alerts: int
    url: str
    since: datetime | None  # then its last sample came
    spark: Spark | None
    unit: str


@dataclass(frozen=True)
class Line:
    name: str
    url: str
    state: State
    cells: list[Cell]


@dataclass(frozen=True)
class Found:
    """What the queries brought."""

    measured: dict[Place, Measured]
    firing: dict[Place, list[Firing]]
    metrics: dict[Place, Metric]  # whose line stands for the place
    sparks: dict[int, Spark]


def version(*, at: datetime) -> str:
    """Changes with every open alert, and every minute for the lines."""
    open_ = Alert.objects.open().order_by()
    graves = {level: Count("pk", filter=Q(severity=level)) for level in ("P0", "P1", "P2")}
    found = open_.aggregate(newest=Max("pk"), n=Count("pk"), muted=Count("muted_until"), **graves)
    return "-".join(str(part or 0) for part in [*found.values(), int(at.timestamp() // 60)])


def overview(*, at: datetime) -> dict[str, Any]:
    services = list(Service.objects.all())
    found = _found(services, at=at)
    lines = [_line(found, service, at=at) for service in services]
    if any(place.service is None for place in [*found.measured, *found.firing]):
        lines.append(_line(found, None, at=at))
    lines.sort(key=lambda line: ORDER[line.state])
    watched = [line for line in lines if line.state is not State.UNKNOWN]
    return {
        "lines": watched,
        "unwatched": [line for line in lines if line.state is State.UNKNOWN],
        "kinds": Kind.choices,
        "headline": _headline(watched),
        "metrics": sum(one.metrics for one in found.measured.values()),
        "heard_at": max(
            (one.last_at for one in found.measured.values() if one.last_at), default=None
        ),
        "is_empty": not found.measured and not found.firing,
        "version": version(at=at),
        "at": at,
    }


def _found(services: Iterable[Service], *, at: datetime) -> Found:
    measured, standing = _measured(at=at)
    firing, named = _firing({service.slug: service.pk for service in services})
    shown = Metric.objects.in_bulk([*standing.values(), *named])
    # What fires is worth a look before what merely comes first.
    metrics = {place: shown[pk] for place, pk in standing.items() if pk in shown}
    for pk in named:
        if pk in shown:
            metrics[Place(shown[pk].service_id, shown[pk].kind)] = shown[pk]
    return Found(measured, firing, metrics, sparks([one.pk for one in metrics.values()], at=at))


def _measured(*, at: datetime) -> tuple[dict[Place, Measured], dict[Place, int]]:
    fresh = Q(last_at__gte=at - SILENT_AFTER) | Q(last_at=None)
    rows = (
        Metric.objects.order_by()
        .values_list("service_id", "kind")
        .annotate(n=Count("pk"), last=Max("last_at"), fresh=Min("pk", filter=fresh), any=Min("pk"))
    )
    measured, standing, intervals = {}, {}, _intervals()
    for service, kind, count, last, first, any_ in rows:
        place = Place(service, kind)
        measured[place] = Measured(count, last, patience(intervals.get(place, ())))
        standing[place] = first or any_
    return measured, standing


def _intervals() -> dict[Place, list[timedelta | None]]:
    found = defaultdict[Place, list[timedelta | None]](list)
    for service, kind, interval, on in (
        Check.objects.order_by().values_list("service", "kind", "interval", "enabled").distinct()
    ):
        found[Place(service, kind)].append(interval if on else None)
    return found


def _firing(services: Mapping[str, int]) -> tuple[dict[Place, list[Firing]], list[int]]:
    """Open alerts by place, and the metrics they name, the gravest last."""
    rows = (
        Alert.objects.open()
        .order_by()
        .annotate(told=KT("labels__kind"), metric=KT("labels__metric"))
        .values_list("service", "severity", "told", "metric")
        .annotate(n=Count("pk"), muted=Count("muted_until"), **_causes())[:ALIKE]
    )
    alike = list(rows)
    named = {int(row[3]) for row in alike if row[3] and row[3].isdecimal() and len(row[3]) < 19}
    known = dict(Metric.objects.filter(pk__in=named).values_list("pk", "kind")) if named else {}
    firing = defaultdict[Place, list[Firing]](list)
    graves: dict[int, str] = {}
    for service, severity, told, metric, count, muted, kept, first, last in alike:
        pk = int(metric) if metric and metric.isdecimal() and len(metric) < 19 else 0
        place = Place(services.get(service), kind_of(told, known.get(pk)))
        if count > muted:
            firing[place].append(Firing(severity, muted=False, alerts=count - muted))
        if muted:
            cause = first if kept == muted and first == last else ""
            firing[place].append(Firing(severity, muted=True, alerts=muted, cause=cause or ""))
        if pk in known:
            graves[pk] = min(severity, graves.get(pk, severity))
    return firing, sorted(graves, key=lambda pk: graves[pk], reverse=True)


def _causes() -> dict[str, Any]:
    """How many are kept quiet by what their service stands on, and by which: one, if the two agree."""
    because = Q(muted_until__isnull=False)
    return {
        "kept": Count("because_of", filter=because),
        "first_cause": Min("because_of__service", filter=because),
        "last_cause": Max("because_of__service", filter=because),
    }


def _line(found: Found, service: Service | None, *, at: datetime) -> Line:
    cells = [_cell(found, service, kind, at=at) for kind in KINDS]
    name = service.name if service else _("Of no service")
    asked = {"service": service.slug if service else "-"}
    state = worst(cell.state for cell in cells)
    return Line(name, f"{reverse('monitoring:metrics')}?{urlencode(asked)}", state, cells)


def _cell(found: Found, service: Service | None, kind: str, *, at: datetime) -> Cell:
    place = Place(service.pk if service else None, kind)
    measured, firing = found.measured.get(place), found.firing.get(place, [])
    state = state_of(firing, measured, at=at)
    metric = found.metrics.get(place)
    return Cell(
        kind=kind,
        label=str(Kind(kind).label),
        state=state,
        word=_word(state, firing),
        alerts=sum(one.alerts for one in firing),
        url=_leads_to(service, kind, state),
        since=measured.last_at if measured and state is State.STALE else None,
        spark=found.sparks.get(metric.pk) if metric else None,
        unit=metric.shown_in if metric else "",
    )


def _word(state: State, firing: Iterable[Firing]) -> str:
    if state is State.QUIET and (cause := cause_of(firing)):
        return _("because of %(service)s") % {"service": cause}
    return str(WORDS.get(state, state.upper()))


def _leads_to(service: Service | None, kind: str, state: State) -> str:
    slug = service.slug if service else ""
    if state.troubled or state is State.QUIET:
        return f"{reverse('monitoring:alerts')}?{urlencode({'q': slug, 'status': 'firing'})}"
    return f"{reverse('monitoring:metrics')}?{urlencode({'service': slug or '-', 'kind': kind})}"


def _headline(lines: list[Line]) -> str:
    troubled = [line for line in lines if line.state.troubled]
    if troubled:
        return ngettext(
            "%(n)s of %(of)s services is in trouble.",
            "%(n)s of %(of)s services are in trouble.",
            len(troubled),
        ) % {"n": len(troubled), "of": len(lines)}
    if any(line.state is State.STALE for line in lines):
        return _("Calm, but some data has stopped.")
    return _("All is calm.")

"""Rows to cases: what each query costs is what the time asked for holds, not what was before it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Min, Q, Value
from django.db.models.functions import Coalesce, TruncDate

from incidents.models import TOPIC, Incident, IncidentQuerySet, StatusName
from monitoring.models import MaintenanceWindow
from notifications.models import Delivery, Lane, State
from postmortems.domain.figures.cases import MOMENTS, Cases, Homes, Window
from postmortems.domain.figures.load import Load, loads
from postmortems.domain.figures.worked_on import within_any, worked_on
from postmortems.figures.packed import (
    Flagged,
    Numbers,
    Times,
    TwoLetters,
    flags,
    moments,
    numbers,
    two_letters,
)
from postmortems.models import ActionItem
from teams.models import Service, User

A_SECOND: Final = timedelta(seconds=1)
ROOT: Final = Coalesce("postmortem__root_cause", Value(""))
COLUMNS: Final = {
    "number": Numbers("number"),
    "severity": TwoLetters("severity"),
    "detected": Times("detected_at"),
    "began": Times("started_at"),
    "acknowledged": Times("acknowledged_at"),
    "mitigated": Times("mitigated_at"),
    "resolved": Times("resolved_at"),
    "resolve_by": Times("resolve_by"),
    "answered_late": Flagged("response_breached"),
    "resolved_late": Flagged("resolution_breached"),
}


def last_days(days: int, *, at: datetime, zone: ZoneInfo) -> Window:
    """Today and as many days before it as make so many, as the status page counts its ninety.

    Up to the end of this second, so that what was noticed just now is in it.
    """
    today = at.astimezone(zone).date()
    return Window(_midnight(today, zone, 1 - days), at.replace(microsecond=0) + A_SECOND)


def days_before(window: Window, days: int, zone: ZoneInfo) -> Window:
    """So many whole days before a window, that end where it begins."""
    first = window.since.astimezone(zone).date()
    return Window(_midnight(first, zone, -days), window.since)


def _midnight(day: date, zone: ZoneInfo, shift: int) -> datetime:
    return datetime.combine(day + timedelta(days=shift), time.min, zone).astimezone(UTC)


def noticed(window: Window, *, service: Service | None = None) -> Cases:
    """Those that belong to the window, without what they concern: one query."""
    return _failures(_cases(_counted(service).filter(_noticed(window)).aggregate(**COLUMNS)))


def touching(
    window: Window, owners: Mapping[int, int | None], *, service: Service | None = None
) -> Cases:
    """All that reach into it, with their services, who is called for them, and what set them off: three queries."""
    rows = _counted(service)
    columns = COLUMNS | {
        "team": Numbers(Coalesce("routed_to", 0)),
        "cause": ArrayAgg("group"),
        "root": ArrayAgg(ROOT),
    }
    known = Cases.joined(
        [
            _cases(rows.filter(part).aggregate(**columns))
            for part in (_noticed(window), _going_on(window))
        ]
    )
    return _failures(replace(known, homes=_homes(known, window)).by(owners))


def _failures(known: Cases) -> Cases:
    """Without those that were noticed while somebody worked on what they concern: one query as a rule."""
    if not len(known):
        return known
    first, last = (_aware(end(known.detected)) for end in (np.min, np.max))
    rows = MaintenanceWindow.objects.in_force_since(first).filter(starts_at__lte=last)
    windows = [one.rule() for one in rows.prefetch_related("services")]
    near = known.number[within_any(known, windows)].tolist()
    if not near:
        return known
    links = Incident.services.through.objects.filter(incident__in=near)
    services = defaultdict[int, set[int]](set)
    for incident, one in links.values_list("incident", "service"):
        services[incident].add(one)
    return known.where(~worked_on(known, services, windows))


def _aware(at: np.datetime64) -> datetime:
    naive: datetime = at.astype("M8[us]").astype(datetime)
    return naive.replace(tzinfo=UTC)


def _counted(service: Service | None) -> IncidentQuerySet:
    """No drills, and no trouble twice."""
    rows = Incident.objects.counted()
    return rows.filter(services=service) if service else rows


def _cases(found: Mapping[str, Any]) -> Cases:
    number = numbers(found["number"])
    columns: dict[str, Any] = {name: moments(found[name]) for name in MOMENTS}
    columns |= {name: flags(found[name]) for name in ("answered_late", "resolved_late")}
    columns["severity"] = two_letters(found["severity"])
    columns["team"] = numbers(found["team"]) if "team" in found else np.zeros_like(number)
    for name in ("cause", "root"):
        columns[name] = np.array(found.get(name) or [""] * len(number), object)
    return Cases(number, **columns)


def _homes(known: Cases, window: Window) -> Homes:
    """Which were noticed in the window have numbers that follow one another, but for a few."""
    links = Incident.services.through.objects
    inside = known.within(window).number
    near = Q(incident__gte=inside.min(), incident__lte=inside.max()) if len(inside) else Q()
    others = np.setdiff1d(known.number, inside).tolist()
    named = links.filter(near | Q(incident__in=others)).aggregate(
        incident=Numbers("incident"), service=Numbers("service")
    )
    incident, service = numbers(named["incident"]), numbers(named["service"])
    ours = np.isin(incident, known.number)
    return known.homes_of(incident[ours], service[ours])


def _noticed(window: Window) -> Q:
    return Q(detected_at__gte=window.since, detected_at__lt=window.until)


def _going_on(window: Window) -> Q:
    """When it began: what reaches into it from before. Each way has an index of its own."""
    over = Q(status=StatusName.RESOLVED)
    return Q(detected_at__lt=window.since) & (~over | over & Q(resolved_at__gte=window.since))


def page_loads(window: Window, incidents: Iterable[int] | None = None) -> list[Load]:
    """Each call to a person once, by however many channels it came; drills call nobody out of bed.

    `incidents`: of these only. What was merged has woken people all the same.
    """
    rows = Delivery.objects.filter(
        lane=Lane.PAGE, state=State.SENT, recipient__isnull=False, topic__startswith=f"{TOPIC}:",
        created_at__gte=window.since, created_at__lt=window.until,
    )  # fmt: skip
    drills = Incident.objects.filter(_noticed(window) | _going_on(window), drill=True)
    rows = rows.exclude(topic__in=_topics(drills.values_list("pk", flat=True)))
    if incidents is not None:
        rows = rows.filter(topic__in=_topics(incidents))
    calls = rows.values("recipient", "topic", "step").annotate(first=Min("sent_at"))
    found = calls.aggregate(person=Numbers("recipient"), at=Times("first"))
    zones = {pk: _zone(name) for pk, name in User.objects.values_list("pk", "time_zone")}
    return loads(numbers(found["person"]), moments(found["at"]), zones)


def _topics(incidents: Iterable[int]) -> list[str]:
    return [f"{TOPIC}:{number}" for number in incidents]


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name or settings.TIME_ZONE)


def actions_on_time(
    window: Window, zone: ZoneInfo, *, service: Service | None = None
) -> tuple[int, int]:
    """How many of those that were due by the end of these days were done by theirs, and how many were due.

    Not those that were dropped, nor the old ones of which nobody noted when they were done.
    """
    first, last = (at.astimezone(zone).date() for at in (window.since, window.until))
    rows = ActionItem.objects.accepted().filter(due_date__gte=first, due_date__lt=last)
    rows = rows.exclude(status=ActionItem.Progress.DROPPED)
    rows = rows.exclude(status=ActionItem.Progress.DONE, done_at=None)
    if service:
        rows = rows.filter(postmortem__incident__services=service)
    done = Q(status=ActionItem.Progress.DONE, day__lte=F("due_date"))
    rows = rows.annotate(day=TruncDate("done_at", tzinfo=zone))
    found = rows.aggregate(every=Count("pk"), done=Count("pk", filter=done))
    return found["done"], found["every"]

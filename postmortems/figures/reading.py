"""Rows to cases: each of these is one query that costs what the time asked for holds, not what was before it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Min, OuterRef, Q
from django.db.models.functions import TruncDate

from incidents.models import TOPIC, Incident, IncidentQuerySet, StatusName
from notifications.models import Delivery, Lane, State
from postmortems.domain.figures.cases import Case, Window
from postmortems.domain.figures.load import Load, loads
from postmortems.models import ActionItem
from teams.models import Service, User

A_SECOND: Final = timedelta(seconds=1)
FIELDS: Final = (
    "number", "severity", "detected_at", "started_at", "acknowledged_at", "mitigated_at", "resolved_at",
    "resolve_by", "response_breached", "resolution_breached",
)  # fmt: skip


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


def cases(window: Window, *, service: Service | None = None) -> list[Case]:
    """All that touch the window, whenever they were noticed, without what they concern: one query."""
    return [Case(*row) for row in _rows(window, service).values_list(*FIELDS)]


def cases_with_homes(
    window: Window, owners: Mapping[int, int | None], *, service: Service | None = None
) -> list[Case]:
    """With their services, the team that is called for them, and what set them off: one query, too."""
    links = Incident.services.through.objects.filter(incident=OuterRef("pk")).order_by("service")
    # Each looked up by its incident: a join would read the links of all incidents there ever were.
    rows = _rows(window, service).annotate(named=ArraySubquery(links.values("service")))
    found = rows.values_list(*FIELDS, "named", "routed_to", "group")
    return [
        Case(*[*known, tuple(named), routed or _owner(named, owners), group])
        for known, named, routed, group in ((row[:-3], *row[-3:]) for row in found)
    ]


def _owner(named: Iterable[int], owners: Mapping[int, int | None]) -> int | None:
    return next((owners[one] for one in named if owners.get(one)), None)


def _rows(window: Window, service: Service | None) -> IncidentQuerySet:
    """No drills, and no trouble twice."""
    rows = Incident.objects.counted().filter(_touching(window)).order_by("detected_at", "number")
    return rows.filter(services=service) if service else rows


def _touching(window: Window) -> Q:
    """Three ways to reach into it, each with an index of its own."""
    reaches = (
        Q(detected_at__gte=window.since)
        | Q(status=StatusName.RESOLVED, resolved_at__gte=window.since)
        | ~Q(status=StatusName.RESOLVED)
    )
    return reaches & Q(detected_at__lt=window.until)


def page_loads(window: Window, numbers: Collection[int] | None = None) -> list[Load]:
    """Each call to a person once, by however many channels it came; drills call nobody out of bed.

    `numbers`: of these incidents only. What was merged has woken people all the same.
    """
    rows = Delivery.objects.filter(
        lane=Lane.PAGE, state=State.SENT, recipient__isnull=False, topic__startswith=f"{TOPIC}:",
        created_at__gte=window.since, created_at__lt=window.until,
    )  # fmt: skip
    drills = set(
        Incident.objects.filter(_touching(window), drill=True).values_list("pk", flat=True)
    )
    calls = rows.values_list("recipient", "topic", "step").annotate(first=Min("sent_at"))
    zones = {pk: _zone(name) for pk, name in User.objects.values_list("pk", "time_zone")}
    return loads(
        (person, first.astimezone(zones[person]))
        for person, topic, _step, first in calls
        if (number := int(topic.partition(":")[2])) not in drills
        and (numbers is None or number in numbers)
    )


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

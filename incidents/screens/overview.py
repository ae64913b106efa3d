"""The list of incidents: open first, then what is resolved, by day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.paginator import Page
from django.db.models import Aggregate, Count, DurationField, F, Max, Q, Sum
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core import durations
from core.leafing import Leaves
from incidents.domain.lifecycle import Status
from incidents.models import Incident, IncidentQuerySet, SeverityPolicy, StatusName
from incidents.registry import aftermath
from incidents.screens.clock import Clock, clock_that_matters
from notifications.queries import paged_people
from teams.domain.roles import Action
from teams.models import Service, User

OPEN_SHOWN: Final = 100
PAGE: Final = 50
PERIODS: Final = {"1": 1, "7": 7, "30": 30, "90": 90, "all": None}


@dataclass(frozen=True)
class Row:
    number: int
    title: str
    url: str
    severity: str
    severity_name: str
    status: str
    status_name: str
    services: str
    who: str
    paged: int
    answered: int
    clock: Clock | None
    took: str
    took_fraction: int
    target: str
    resolved_at: datetime | None
    can_acknowledge: bool
    postmortem_label: str


@dataclass(frozen=True)
class Filters:
    q: str = ""
    severity: str = ""
    service: str = ""
    status: str = ""
    period: str = "7"

    @classmethod
    def read(cls, asked: Any) -> "Filters":
        period = asked.get("period", "7")
        return cls(
            q=asked.get("q", "").strip()[:200],
            severity=asked.get("severity", ""),
            service=asked.get("service", ""),
            status=asked.get("status", ""),
            period=period if period in PERIODS else "7",
        )

    def apply(self, rows: IncidentQuerySet) -> IncidentQuerySet:
        if self.q:
            rows = rows.search(self.q)
        if self.severity:
            rows = rows.filter(severity=self.severity)
        if self.service:
            rows = rows.filter(services__slug=self.service)
        if self.status:
            rows = rows.filter(status=self.status)
        return rows

    def since(self, at: datetime) -> datetime | None:
        """A search looks everywhere; without one, the period bounds what is shown."""
        days = PERIODS[self.period]
        return at - timedelta(days=days) if days and not self.q else None


@dataclass(frozen=True)
class Overview:
    open_rows: list[Row]
    closed_groups: list[tuple[str, list[Row]]]
    headline: str
    subline: str
    lead_clock: Clock | None
    filters: Filters
    choices: dict[str, list[tuple[str, str]]]
    page: Page[Incident]
    stats: list[tuple[str, str]]
    is_empty: bool
    version: str


def version() -> str:
    """Changes whenever an open incident does, or one opens or closes."""
    newest = Incident.objects.aggregate(newest=Max("number"))["newest"]
    still = Incident.objects.open().aggregate(count=Count("pk"), events=Sum("timeline_length"))
    return f"{newest or 0}-{still['count']}-{still['events'] or 0}"


def overview(user: User, filters: Filters, *, page: str, at: datetime) -> Overview:
    names = {row.severity: row.name for row in SeverityPolicy.objects.all()}
    current = version()
    everything = filters.apply(Incident.objects.for_list())
    standing = _standing(everything)
    closed = everything.resolved().order_by("-resolved_at")
    if since := filters.since(at):
        closed = closed.filter(resolved_at__gte=since)
    paginated = Leaves(closed, PAGE, asked=page).get_page(page)
    rows = _Rows(user, names, standing, list(paginated), at)
    # The headline speaks of everything that is open, whatever the filters hide.
    burning = standing if filters == Filters() else _standing(Incident.objects.for_list())
    clocks = (clock_that_matters(incident, at=at) for incident in burning)
    lead = min((clock for clock in clocks if clock), key=lambda clock: clock.due, default=None)
    return Overview(
        rows.open,
        _by_day(rows.closed, at),
        _headline(burning),
        _subline(burning, at),
        lead,
        filters,
        _choices(names),
        paginated,
        _stats(at),
        current.startswith("0-"),
        current,
    )


def _standing(rows: IncidentQuerySet) -> list[Incident]:
    return list(rows.open().order_by("severity", "-number")[:OPEN_SHOWN])


@dataclass
class _Rows:
    """Rows of both parts, with what they share looked up once for all."""

    user: User
    names: dict[str, str]
    standing: list[Incident]
    finished: list[Incident]
    at: datetime
    open: list[Row] = field(default_factory=list)
    closed: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.paged = paged_people([incident.topic for incident in self.standing])
        self.may = self.user.may(Action.RESPOND)
        self.after: dict[int, str] = {}
        for name in aftermath:
            self.after |= aftermath[name].labels([incident.pk for incident in self.finished])
        self.open = [self._row(incident) for incident in self.standing]
        self.closed = [self._row(incident) for incident in self.finished]

    def _row(self, incident: Incident) -> Row:
        end = incident.resolved_at
        took = (end - incident.detected_at) if end else timedelta()
        goal = incident.resolve_by - incident.clock_since
        triggered = incident.status == Status.TRIGGERED
        person = incident.commander or incident.acknowledged_by
        return Row(
            number=incident.number,
            title=incident.title,
            url=incident.get_absolute_url(),
            severity=incident.severity,
            severity_name=self.names.get(incident.severity, ""),
            status=incident.status,
            status_name=str(StatusName(incident.status).label),
            services=", ".join(service.name for service in incident.services.all()),
            who=person.name if person else "",
            paged=self.paged.get(incident.topic, 0),
            answered=0 if triggered else 1,
            clock=clock_that_matters(incident, at=self.at),
            took=_words(took) if end else "",
            took_fraction=min(120, round(100 * took / goal)) if end else 0,
            target=_("target %(time)s") % {"time": _words(goal, most=1)},
            resolved_at=end,
            can_acknowledge=triggered and self.may,
            postmortem_label=self.after.get(incident.number, ""),
        )


def _words(span: timedelta, most: int = 2) -> str:
    return durations.words(span, language=get_language() or "ko", most=most)


def _by_day(rows: Iterable[Row], at: datetime) -> list[tuple[str, list[Row]]]:
    today = timezone.localtime(at).date()
    groups: dict[str, list[Row]] = {}
    for row in rows:
        day = timezone.localtime(row.resolved_at).date() if row.resolved_at else today
        label = _("Resolved today") if day == today else _("Resolved before")
        groups.setdefault(label, []).append(row)
    return list(groups.items())


def _headline(standing: list[Incident]) -> str:
    unanswered = [incident for incident in standing if incident.status == Status.TRIGGERED]
    if unanswered:
        return _("%(title)s. Nobody has answered yet.") % {"title": unanswered[0].title[:80]}
    if standing:
        return ngettext(
            "%(count)s incident is open, and somebody is on it.",
            "%(count)s incidents are open, and somebody is on each.",
            len(standing),
        ) % {"count": len(standing)}
    return _("All is calm.")


def _subline(standing: list[Incident], at: datetime) -> str:
    affected = {service.pk for incident in standing for service in incident.services.all()}
    return _("%(open)s open · %(services)s services affected · as of %(time)s") % {
        "open": len(standing),
        "services": len(affected),
        "time": f"{timezone.localtime(at):%H:%M:%S}",
    }


def _choices(names: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    return {
        "severity": [(severity, f"{severity} {name}") for severity, name in names.items()],
        "service": [(service.slug, service.name) for service in Service.objects.all()[:200]],
        "status": [(value, str(label)) for value, label in StatusName.choices],
        "period": [
            ("1", _("1 day")),
            ("7", _("7 days")),
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("all", _("all time")),
        ],
    }


class _Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def _stats(at: datetime) -> list[tuple[str, str]]:
    week = Incident.objects.resolved().filter(resolved_at__gte=at - timedelta(days=7))
    found = week.aggregate(
        count=Count("pk"),
        answer=_Median(F("acknowledged_at") - F("detected_at")),
        end=_Median(F("resolved_at") - F("detected_at")),
        kept=Count("pk", filter=Q(resolved_at__lte=F("resolve_by"))),
    )
    if not found["count"]:
        return []
    return [
        (_("Resolved in 7 days"), str(found["count"])),
        (_("Median time to acknowledge"), _words(found["answer"] or timedelta())),
        (_("Median time to resolve"), _words(found["end"])),
        (_("Within target"), f"{found['kept']}/{found['count']}"),
    ]

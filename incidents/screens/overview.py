"""The list of incidents: open first, then what is resolved, by day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.paginator import Page
from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.leafing import Leaves
from incidents.domain.lifecycle import Status
from incidents.models import Incident, IncidentQuerySet, SeverityPolicy, StatusName
from incidents.queries import search
from incidents.registry import summaries
from incidents.screens.clock import Clock, clock_that_matters
from incidents.screens.first_steps import Step, first_steps
from incidents.screens.rows import Row, Rows, services_of
from teams.models import Service, User

OPEN_SHOWN: Final = 100
PAGE: Final = 50
HEADLINE: Final = 40
PERIODS: Final = {"1": 1, "7": 7, "30": 30, "90": 90, "all": None}


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
            rows = search(rows, self.q)
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
    first_steps: list[Step]  # while it is empty
    steps_done: int
    version: str


def version() -> str:
    """Changes whenever an open incident does, or one opens or closes."""
    newest = Incident.objects.aggregate(newest=Max("number"))["newest"]
    still = Incident.objects.open().aggregate(count=Count("pk"), events=Sum("timeline_length"))
    return f"{newest or 0}-{still['count']}-{still['events'] or 0}"


def overview(user: User, filters: Filters, *, page: str, at: datetime) -> Overview:
    names = {row.severity: row.name for row in SeverityPolicy.objects.all()}
    current = version()
    is_empty = current.startswith("0-")
    steps = first_steps(user, at=at) if is_empty else []
    everything = filters.apply(Incident.objects.all())
    standing = _standing(everything)
    closed = everything.resolved().order_by("-resolved_at")
    if since := filters.since(at):
        closed = closed.filter(resolved_at__gte=since)
    paginated = Leaves(closed, PAGE, asked=page).get_page(page)
    finished = list(paginated)
    # The headline speaks of everything that is open, whatever the filters hide.
    burning = standing if filters == Filters() else _standing(Incident.objects.all())
    burning = [incident for incident in burning if not incident.drill]
    services = services_of([*burning, *standing, *finished])
    rows = Rows(user, names, standing, finished, services, at)
    clocks = (clock_that_matters(incident, at=at) for incident in burning)
    lead = min((clock for clock in clocks if clock), key=lambda clock: clock.due, default=None)
    return Overview(
        rows.open,
        _by_day(rows.closed, at),
        _headline(burning),
        _subline(burning, services, at),
        lead,
        filters,
        _choices(names),
        paginated,
        [line for name in summaries for line in summaries[name].told(at=at)],
        is_empty,
        steps,
        sum(step.done for step in steps),
        current,
    )


def _standing(rows: IncidentQuerySet) -> list[Incident]:
    return list(rows.open().order_by("severity", "-number")[:OPEN_SHOWN])


def _by_day(rows: Iterable[Row], at: datetime) -> list[tuple[str, list[Row]]]:
    today = timezone.localtime(at).date()
    groups: dict[str, list[Row]] = {}
    for row in rows:
        day = timezone.localtime(row.resolved_at).date() if row.resolved_at else today
        label = _("Resolved today") if day == today else _("Resolved before")
        groups.setdefault(label, []).append(row)
    return list(groups.items())


def _short(heading: str) -> str:
    """So that a headline says its second half, too."""
    return heading if len(heading) <= HEADLINE else heading[: HEADLINE - 1].rstrip() + "…"


def _headline(standing: list[Incident]) -> str:
    unanswered = [incident for incident in standing if incident.status == Status.TRIGGERED]
    if unanswered:
        words = _("%(title)s. Nobody has answered yet.")
        return (words % {"title": _short(unanswered[0].heading)}).replace("….", "…")
    if standing:
        return ngettext(
            "%(count)s incident is open, and somebody is on it.",
            "%(count)s incidents are open, and somebody is on each.",
            len(standing),
        ) % {"count": len(standing)}
    return _("All is calm.")


def _subline(standing: list[Incident], services: Mapping[int, list[Service]], at: datetime) -> str:
    affected = {service for incident in standing for service in services.get(incident.pk, ())}
    words = ngettext(
        "%(open)s open · %(services)s service affected · as of %(time)s",
        "%(open)s open · %(services)s services affected · as of %(time)s",
        len(affected),
    )
    return words % {
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

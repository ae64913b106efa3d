"""Rows of the list of incidents, with what they share looked up once for all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations
from incidents.domain.lifecycle import Status
from incidents.models import Briefing, Incident, RoleHeld
from incidents.registry import aftermath
from incidents.screens.clock import Clock, clock_that_matters
from notifications.queries import paged_people
from teams.domain.roles import Action
from teams.models import Service, User


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
    update_overdue: bool
    postmortem_label: str
    merged_into: int | None
    drill: bool


@dataclass
class Rows:
    user: User
    names: dict[str, str]
    standing: list[Incident]
    finished: list[Incident]
    services: Mapping[int, list[Service]]
    at: datetime
    open: list[Row] = field(default_factory=list)
    closed: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.paged = paged_people([incident.topic for incident in self.standing])
        shown = [*self.standing, *self.finished]
        self.leads = _leads(shown)
        self.people = _people(shown, self.leads)
        self.overdue = _overdue(self.standing, self.at)
        # Rooms lie below the list: reversing each would cost more than reading it.
        self.rooms = reverse("incidents:list")
        self.targets: dict[timedelta, str] = {}
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
        person = self.people.get(self.leads.get(incident.pk) or incident.acknowledged_by_id or 0)
        services = self.services.get(incident.pk, ())
        return Row(
            number=incident.number,
            title=incident.heading,
            url=f"{self.rooms}{incident.number}/",
            severity=incident.severity,
            severity_name=self.names.get(incident.severity, ""),
            status=incident.status,
            status_name=incident.status_name,
            services=", ".join(service.name for service in services),
            who=person.name if person else "",
            paged=self.paged.get(incident.topic, 0),
            answered=0 if triggered else 1,
            clock=clock_that_matters(incident, at=self.at),
            took=words(took) if end else "",
            took_fraction=min(120, round(100 * took / goal)) if end else 0,
            target=self._target(goal),
            resolved_at=end,
            can_acknowledge=triggered and self.may,
            update_overdue=incident.pk in self.overdue,
            postmortem_label=self.after.get(incident.number, ""),
            merged_into=incident.merged_into_id,
            drill=incident.drill,
        )

    def _target(self, goal: timedelta) -> str:
        """There are as many as severities: each is put into words once."""
        if goal not in self.targets:
            self.targets[goal] = _("target %(time)s") % {"time": words(goal, most=1)}
        return self.targets[goal]


def services_of(incidents: Iterable[Incident]) -> dict[int, list[Service]]:
    """By incident. Prefetching would make every service anew for each incident that names it."""
    links = Incident.services.through.objects.filter(incident__in=[each.pk for each in incidents])
    pairs = links.order_by("service__slug").values_list("incident", "service")
    known = Service.objects.in_bulk({service for _, service in pairs})
    found = defaultdict(list)
    for incident, service in pairs:
        found[incident].append(known[service])
    return found


def _leads(incidents: Iterable[Incident]) -> dict[int, int]:
    """Who commands which, by their keys."""
    rows = RoleHeld.objects.commanders().filter(incident__in=[each.pk for each in incidents])
    return dict(rows.values_list("incident", "user"))


def _people(incidents: Iterable[Incident], leads: dict[int, int]) -> dict[int, User]:
    """Those who lead or answer, each once, for the same reason."""
    answered = {each.acknowledged_by_id for each in incidents if each.acknowledged_by_id}
    return User.objects.in_bulk(answered.union(leads.values()))


def _overdue(incidents: Iterable[Incident], at: datetime) -> set[int]:
    """Those of which stakeholders should have heard by now."""
    late = Briefing.objects.overdue(at).filter(incident__in=[each.pk for each in incidents])
    return set(late.values_list("incident", flat=True))


def words(span: timedelta, most: int = 2) -> str:
    return durations.words(span, language=get_language() or "ko", most=most)

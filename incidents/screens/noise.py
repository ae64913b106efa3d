"""Alerts that led to nothing: counted, the worst first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from incidents.domain.noise import ENDS_BY_ITSELF, Remedy, Tally
from incidents.models import Event, Incident
from monitoring.models import Alert, AlertQuerySet
from teams.models import Team

DAYS: Final = 30
SHOWN: Final = 30
LINKED_WITHIN: Final = timedelta(days=60)  # an alert may join an incident that is older


@dataclass(frozen=True)
class Line:
    tally: Tally
    advice: str
    bar: float  # per cent of the longest
    idle_bar: float
    teams: list[Team]  # to which routes sent it

    @property
    def slugs(self) -> list[str]:
        return [team.slug for team in self.teams]


@dataclass(frozen=True)
class Report:
    alerts: int
    idle: int
    lines: list[Line]
    days: int = DAYS

    @property
    def share(self) -> int:
        return round(100 * self.idle / self.alerts) if self.alerts else 0


def report(*, at: datetime) -> Report:
    since = at - timedelta(days=DAYS)
    # What still fires in an incident has had no time yet to lead to anything.
    pending = Q(resolved_at=None, incident_link__isnull=False)
    alerts = Alert.objects.filter(received_at__gte=since).exclude(pending)
    counts = _counts(_useful_since(since - LINKED_WITHIN))
    whole = alerts.aggregate(**counts)
    tallies = _worst(alerts, counts)
    longest = max((tally.alerts for tally in tallies), default=1)
    teams = Team.objects.in_bulk({key for each in tallies for key in each.teams})
    lines = [
        Line(
            each, advice(each.remedy), 100 * each.alerts / longest, 100 * each.idle / longest,
            [teams[key] for key in each.teams if key in teams],
        )
        for each in tallies
    ]  # fmt: skip
    return Report(whole["alerts"], whole["alerts"] - whole["useful"], lines)


def _worst(alerts: AlertQuerySet, counts: dict[str, Count]) -> list[Tally]:
    name = Coalesce(NullIf("group", Value("")), "title", output_field=TextField())
    rows: Any = alerts.order_by().values(called=name, sender=F("integration__name"))
    idle = F("alerts") - F("useful")
    sent_to = ArrayAgg(
        "route__team", distinct=True, filter=Q(route__team__isnull=False), default=[]
    )
    worst = (
        rows.annotate(**counts, teams=sent_to)
        .filter(alerts__gt=F("useful"))
        .order_by(-idle, "called")
    )
    return [
        Tally(
            name=row["called"], integration=row["sender"], alerts=row["alerts"],
            idle=row["alerts"] - row["useful"], quick=row["quick"], flapping=row["flapping"],
            silenced=row["silenced"], teams=tuple(row["teams"]),
        )
        for row in worst[:SHOWN]
    ]  # fmt: skip


def _useful_since(since: datetime) -> QuerySet[Incident, int]:
    """Incidents in which a person answered, wrote or judged before it was over."""
    recent = Incident.objects.filter(detected_at__gte=since)
    notes = Event.objects.filter(kind="note", actor_user__isnull=False, incident__in=recent)
    answered = Q(acknowledged_by__isnull=False) & ~Q(acknowledged_at=F("resolved_at"))
    judged = Q(severity_by_person=True) | Q(pk__in=notes.order_by().values("incident"))
    return recent.filter(answered | judged).values_list("pk", flat=True)


def _counts(useful: QuerySet[Incident, int]) -> dict[str, Count]:
    within = F("received_at") + timedelta(minutes=ENDS_BY_ITSELF)
    return {
        "alerts": Count("pk"),
        "useful": Count("pk", filter=Q(incident_link__incident__in=useful)),
        "quick": Count("pk", filter=Q(resolved_at__lte=within)),
        "flapping": Count("pk", filter=Q(flaps__gt=0)),
        "silenced": Count("pk", filter=Q(silence__isnull=False)),
    }


def advice(remedy: Remedy) -> str:
    words = {
        Remedy.NONE: "",
        Remedy.DAMP: _("It comes and goes: give its rule a hysteresis or a longer `for`."),
        Remedy.WAIT: _("It ends by itself within minutes: give its rule a longer `for`."),
        Remedy.UNROUTE: _("People silence it: delete the rule, or route it to be kept only."),
        Remedy.LOWER: _("Nobody ever acts on it: lower its severity, or route it to be kept only."),
    }
    return words[remedy]

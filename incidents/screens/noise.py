"""Alerts that led to nothing: counted, the worst first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from incidents.domain.noise import ENDS_BY_ITSELF, Remedy, Tally
from incidents.models import Event
from monitoring.models import Alert, AlertQuerySet
from teams.models import Team

DAYS: Final = 30
SHOWN: Final = 30


class Over(Func):
    """The sum of a count over all groups, which Django's own Sum does not take."""

    function = "SUM"
    window_compatible = True
    output_field = BigIntegerField()


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
    real = Alert.objects.filter(received_at__gte=since, integration__drill=False)
    worst = _worst(real.exclude(pending))
    tallies = [_tally(row) for row in worst if row["idle"]]
    longest = max((tally.alerts for tally in tallies), default=1)
    teams = Team.objects.in_bulk({key for each in tallies for key in each.teams})
    lines = [
        Line(
            each, advice(each.remedy), 100 * each.alerts / longest, 100 * each.idle / longest,
            [teams[key] for key in each.teams if key in teams],
        )
        for each in tallies
    ]  # fmt: skip
    whole = worst[0] if worst else {"of_alerts": 0, "of_idle": 0}
    return Report(whole["of_alerts"], whole["of_idle"], lines)


def _worst(alerts: AlertQuerySet) -> list[dict[str, Any]]:
    """By name and sender, and in each row the sums over all of them: the alerts are read once."""
    name = Coalesce(NullIf("group", Value("")), "title", output_field=TextField())
    within = F("received_at") + timedelta(minutes=ENDS_BY_ITSELF)
    named: Any = (
        alerts.order_by().alias(acted=_acted()).values(called=name, sender=F("integration__name"))
    )
    rows = named.annotate(
        alerts=Count("pk"),
        idle=Count("pk", filter=Q(acted=False)),
        quick=Count("pk", filter=Q(resolved_at__lte=within)),
        flapping=Count("pk", filter=Q(flaps__gt=0)),
        silenced=Count("pk", filter=Q(silence__isnull=False)),
        teams=ArrayAgg(
            "route__team", distinct=True, filter=Q(route__team__isnull=False), default=[]
        ),
        of_alerts=Window(Over("alerts")),
        of_idle=Window(Over("idle")),
    )
    return list(rows.order_by("-idle", "called")[:SHOWN])


def _acted() -> Case:
    """Whether a person answered its incident, wrote or judged before it was over."""
    there = "incident_link__incident__"
    answered = Q(**{f"{there}acknowledged_by__isnull": False})
    at_its_end = Q(**{f"{there}acknowledged_at": F(f"{there}resolved_at")})
    judged = Q(**{f"{there}severity_by_person": True})
    notes = Event.objects.filter(
        kind="note", actor_user__isnull=False, incident=OuterRef("incident_link__incident")
    )
    return Case(
        When((answered & ~at_its_end) | judged, then=True),
        When(Exists(notes), then=True),  # asked for only where nothing else tells
        default=False,
    )


def _tally(row: dict[str, Any]) -> Tally:
    return Tally(
        name=row["called"], integration=row["sender"], alerts=row["alerts"], idle=row["idle"],
        quick=row["quick"], flapping=row["flapping"], silenced=row["silenced"],
        teams=tuple(row["teams"]),
    )  # fmt: skip


def advice(remedy: Remedy) -> str:
    words = {
        Remedy.NONE: "",
        Remedy.DAMP: _("It comes and goes: give its rule a hysteresis or a longer `for`."),
        Remedy.WAIT: _("It ends by itself within minutes: give its rule a longer `for`."),
        Remedy.UNROUTE: _("People silence it: delete the rule, or route it to be kept only."),
        Remedy.LOWER: _("Nobody ever acts on it: lower its severity, or route it to be kept only."),
    }
    return words[remedy]

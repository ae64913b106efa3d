"""Drills: planned, begun, ended and scored. Whatever they open is marked as a drill, and told to nobody outside."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents import services as incidents
from incidents.models import Incident, SeverityPolicy
from incidents.registry import followups
from maintenance.domain.scoring import Mark
from maintenance.models import (
    ContinuityTargets,
    Drill,
    DrillFinding,
    DrillState,
    Failover,
    Way,
)
from teams.models import User

FOLLOWED: Final = timedelta(days=14)  # a finding is due by then, unless somebody says otherwise
LONGEST: Final = 20_000  # characters that are kept of what was told


def plan(*, scenario: str, way: str, severity: str, planned_at: datetime, by: User | None) -> Drill:
    return Drill.objects.create(
        scenario=scenario, way=way, severity=severity, planned_at=planned_at, lead=by
    )


def call_off(drill: Drill, *, at: datetime) -> None:
    """Raises Refused."""
    _moved(drill, DrillState.PLANNED, state=DrillState.OFF, ended_at=at)


def begin(drill: Drill, *, by: User, at: datetime) -> None:
    """A tabletop: the team of its severity is paged, with the word drill. Raises Refused."""
    if drill.way != Way.TABLETOP:
        raise Refused(_("It is played by manage.py gameday, which begins it."))
    with transaction.atomic():
        _moved(drill, DrillState.PLANNED, state=DrillState.RUNNING, began_at=at)
        with translation.override(settings.LANGUAGE_CODE):
            title = str(drill)
        drill.incident = incidents.declare(title, severity=drill.severity, by=by, at=at, drill=True)
        drill.save(update_fields=["incident"])


def end(drill: Drill, *, by: User, at: datetime) -> None:
    """Raises Refused."""
    with transaction.atomic():
        _moved(drill, DrillState.RUNNING, state=DrillState.DONE, ended_at=at)
        if incident := drill.incident:
            incident.refresh_from_db()
            if incident.is_open:
                incidents.resolve(incident, by=by, at=at)
                incident.refresh_from_db()
        _score(drill)


def note(drill: Drill, text: str, *, by: User, at: datetime) -> DrillFinding:
    """What it taught becomes an action item, where its incident is over. Raises Refused."""
    if drill.incident is None or drill.incident.is_open:
        raise Refused(_("Findings are written down when the drill is over."))
    due = timezone.localdate(at) + FOLLOWED
    with transaction.atomic():
        places = [
            followups[name].add(drill.incident, text, by=by, due=due, at=at) for name in followups
        ]
        return DrillFinding.objects.create(
            drill=drill, text=text, by=by, at=at, followed_at=places[0] if places else ""
        )


def played(scenario: str, *, at: datetime) -> Drill:
    """The game day of the sandbox begins: the one that was planned, or one that nobody planned."""
    found = Drill.objects.due(scenario)
    if found is None:
        found = Drill(scenario=scenario, way=Way.SANDBOX, planned_at=at)
    found.state, found.began_at = DrillState.RUNNING, at
    found.save()
    return found


def finished(drill: Drill, told: list[str], *, well: bool, at: datetime) -> None:
    drill.state = DrillState.DONE if well else DrillState.FAILED
    drill.ended_at, drill.told = at, "\n".join(told)[-LONGEST:]
    drill.incident = _incident_of(drill)
    if drill.incident:
        drill.severity = drill.incident.severity
    drill.save()
    _score(drill)


def _incident_of(drill: Drill) -> Incident | None:
    rows = Incident.objects.filter(drill=True, detected_at__gte=drill.began_at)
    taken = Drill.objects.exclude(incident=None).values("incident")
    return rows.exclude(pk__in=taken).order_by("pk").first()


def _moved(drill: Drill, before: DrillState, **facts: object) -> None:
    """Raises Refused when somebody was faster."""
    if not Drill.objects.filter(pk=drill.pk, state=before).update(**facts):
        raise Refused(_("It is not as you saw it: look again."))
    for name, value in facts.items():
        setattr(drill, name, value)


def _score(drill: Drill) -> None:
    drill.marks = [one.kept() for one in _marks(drill)]
    drill.save(update_fields=["marks"])


def _marks(drill: Drill) -> Iterator[Mark]:
    """Of a game of the sandbox its own hands answer: there only the time to its end counts."""
    incident = drill.incident
    policy = SeverityPolicy.objects.filter(severity=drill.severity).first()
    if incident is not None and policy is not None:
        if drill.way == Way.TABLETOP:
            yield Mark("acknowledged", policy.respond_within.total_seconds(), _after(incident, incident.acknowledged_at))  # fmt: skip
        over = incident.resolved_at if drill.state == DrillState.DONE else None
        yield Mark("resolved", policy.resolve_within.total_seconds(), _after(incident, over))
        yield from _failover(incident)


def _after(incident: Incident, moment: datetime | None) -> float | None:
    return None if moment is None else (moment - incident.detected_at).total_seconds()


def _failover(incident: Incident) -> Iterator[Mark]:
    found = Failover.objects.select_related("to").filter(run__incident=incident).first()
    if found is None:
        return
    targets, known = ContinuityTargets.now(), found.known
    yield Mark("rto", targets.rto.total_seconds(), known.took.most.total_seconds())
    lost = known.lost.most.total_seconds() if known.lost else None
    yield Mark("rpo", targets.rpo.total_seconds(), lost)

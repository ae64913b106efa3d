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
from maintenance.services.telling_leads import tell_lead
from teams.models import User

FOLLOWED: Final = timedelta(days=14)  # a finding is due by then, unless somebody says otherwise


def plan(
    *, scenario: str, way: str, severity: str, planned_at: datetime, by: User | None,
    at: datetime, lead: User | None = None,
) -> Drill:  # fmt: skip
    """Whoever leads it is told, unless that is who plans it."""
    with transaction.atomic():
        made = Drill.objects.create(
            scenario=scenario, way=way, severity=severity, planned_at=planned_at, lead=lead or by
        )
        tell_lead(made, by=by, at=at)
    return made


def change(drill: Drill, *, by: User, at: datetime, **facts: object) -> None:
    """Raises Refused."""
    led = drill.lead_id
    with transaction.atomic():
        _moved(drill, DrillState.PLANNED, asked_at=None, **facts)
        if drill.lead_id != led:
            tell_lead(drill, by=by, at=at)


def call_off(drill: Drill, *, at: datetime) -> None:
    """Raises Refused."""
    _moved(drill, DrillState.PLANNED, state=DrillState.OFF, asked_at=None, ended_at=at)


def plan_again(drill: Drill) -> None:
    """What was called off before it began. Raises Refused."""
    if drill.began_at:
        raise Refused(_("It has begun already: plan another one."))
    _moved(drill, DrillState.OFF, state=DrillState.PLANNED, ended_at=None)


def begin(drill: Drill, *, by: User, at: datetime) -> None:
    """A tabletop: the team of its severity is paged, with the word drill. Raises Refused."""
    if drill.way != Way.TABLETOP:
        raise Refused(_("It is played in the sandbox: press Play it now."))
    with transaction.atomic():
        _moved(drill, DrillState.PLANNED, state=DrillState.RUNNING, began_at=at)
        with translation.override(settings.LANGUAGE_CODE):
            title = str(drill)
        drill.incident = incidents.declare(title, severity=drill.severity, by=by, at=at, drill=True)
        drill.save(update_fields=["incident"])


def end(drill: Drill, *, by: User, at: datetime) -> None:
    """Raises Refused."""
    with transaction.atomic():
        answered = _answered(drill)
        _over(drill, DrillState.DONE, by, at)
        score(drill, answered=answered)


def break_off(drill: Drill, *, by: User, at: datetime) -> None:
    """Something real came up, or it was begun by mistake: over, and not scored. Raises Refused."""
    with transaction.atomic():
        _over(drill, DrillState.OFF, by, at)


def note(drill: Drill, text: str, *, by: User, at: datetime) -> DrillFinding:
    """What it taught: kept while it runs, and an action item when its incident is over. Raises Refused."""
    if drill.incident is None:
        raise Refused(_("Findings belong to the incident of a drill, and this one has none."))
    with transaction.atomic():
        found = DrillFinding.objects.create(drill=drill, text=text, by=by, at=at)
        if not drill.incident.is_open:
            _follow(found, drill.incident, by, at)
    return found


def _answered(drill: Drill) -> datetime | None:
    """Before it ends: whoever resolves what nobody answered answers it by that, which is no answer to a page."""
    if drill.incident is None:
        return None
    drill.incident.refresh_from_db()
    return drill.incident.acknowledged_at


def _over(drill: Drill, to: DrillState, by: User, at: datetime) -> None:
    """Raises Refused."""
    if drill.way != Way.TABLETOP:
        raise Refused(_("It is played in the sandbox, and ends by itself."))
    _moved(drill, DrillState.RUNNING, state=to, ended_at=at)
    incident = drill.incident
    if incident is None:
        return
    incident.refresh_from_db()
    if incident.is_open:
        incidents.resolve(incident, by=by, at=at)
        incident.refresh_from_db()
    for found in drill.findings.filter(followed_at="").select_related("by"):
        _follow(found, incident, found.by or by, at)


def _follow(found: DrillFinding, incident: Incident, by: User, at: datetime) -> None:
    due = timezone.localdate(at) + FOLLOWED
    places = [
        followups[name].add(incident, found.text, by=by, due=due, at=at) for name in followups
    ]
    found.followed_at = places[0] if places else ""
    found.save(update_fields=["followed_at"])


def _moved(drill: Drill, before: DrillState, **facts: object) -> None:
    """Raises Refused when somebody was faster."""
    if not Drill.objects.filter(pk=drill.pk, state=before).update(**facts):
        raise Refused(_("It is not as you saw it: look again."))
    for name, value in facts.items():
        setattr(drill, name, value)


def score(drill: Drill, *, answered: datetime | None = None) -> None:
    drill.marks = [one.kept() for one in _marks(drill, answered)]
    drill.save(update_fields=["marks"])


def _marks(drill: Drill, answered: datetime | None) -> Iterator[Mark]:
    """Of a game of the sandbox its own hands answer: there only the time to its end counts."""
    incident = drill.incident
    policy = SeverityPolicy.objects.filter(severity=drill.severity).first()
    if incident is not None and policy is not None:
        if drill.way == Way.TABLETOP:
            yield Mark("acknowledged", policy.respond_within.total_seconds(), _after(incident, answered))  # fmt: skip
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

"""Escalation policies as versions: an incident keeps the one it opened under, unless told otherwise."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.escalation import as_json
from incidents.domain.lifecycle import Status
from incidents.models import EscalationPolicy, Incident, PolicyVersion
from incidents.services import timeline
from incidents.services.timeline import Entry
from teams.models import User


def publish(policy: EscalationPolicy, *, by: User | None, at: datetime) -> PolicyVersion:
    """What its rows say now holds for incidents that open from now on; unchanged, nothing happens."""
    plan = as_json(policy.plan)
    if not plan["steps"]:
        raise Refused(_("A policy needs a step."))
    with transaction.atomic():
        held = EscalationPolicy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
        if held.current and held.current.plan == plan:
            return held.current
        number = (held.current.number if held.current else 0) + 1
        version = held.versions.create(number=number, plan=plan, made_at=at, made_by=by)
        EscalationPolicy.objects.filter(pk=policy.pk).update(current=version)
    policy.current = version
    return version


def apply_to_running(policy: EscalationPolicy, *, by: User, at: datetime) -> int:
    """The current version for the incidents that opened under an earlier one and are not over."""
    if policy.current is None:
        return 0
    with transaction.atomic():
        open_ = Incident.objects.open().filter(escalation__policy=policy)
        older = open_.exclude(escalation=policy.current).select_for_update(of=("self",))
        incidents = list(older.order_by("number"))
        for incident in incidents:
            _apply(incident, policy.current, by=by, at=at)
    return len(incidents)


def _apply(incident: Incident, version: PolicyVersion, *, by: User, at: datetime) -> None:
    plan = version.read()
    place = min(incident.escalation_place, plan.calls - 1)
    calling = incident.status == Status.TRIGGERED
    Incident.objects.filter(pk=incident.pk).update(
        escalation=version,
        escalation_place=place,
        escalate_at=plan.next_at(place, called_at=at) if calling else None,
        answer_lapses_at=at + plan.lasts
        if plan.lasts and incident.status == Status.ACKNOWLEDGED
        else None,
    )
    data = {"policy": version.policy_id, "version": version.number}
    timeline.append(incident, Entry("policy_applied", at, by=by, data=data))

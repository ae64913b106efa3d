"""Escalation policies as versions: an incident keeps the one it opened under, unless told otherwise."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Refused
from core.severity import Severity
from incidents.domain.escalation import as_json
from incidents.domain.lifecycle import Status
from incidents.models import (
    EscalationPolicy,
    Incident,
    IncidentQuerySet,
    PolicyVersion,
    SeverityPolicy,
)
from incidents.services import timeline
from incidents.services.moving import put
from incidents.services.paging import page
from incidents.services.policies import Book, read_book
from incidents.services.recounting import recount
from incidents.services.timeline import Entry
from notifications import services as outbox
from teams.models import User

# Why somebody was called by a policy, and not by hand or for a missed target.
CALLS: Final = (
    "opened", "reopened", "assembled", "corrected", "severity", "policy",
    "next_step", "escalated", "answer_lapsed",
)  # fmt: skip


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
    """The current version for all that it reaches.

    Paged are only those whom it calls besides; what is not yet out to those whom it does not call
    is withdrawn.
    """
    with transaction.atomic():
        held = reached(policy).select_for_update(of=("self",)).order_by("number")
        # Not joined: a row that changed while it was waited for comes with what was joined before.
        incidents = list(held.prefetch_related("escalation"))
        book = read_book(at=at) if incidents else None
        for incident in incidents:
            if book and policy.current:
                _apply(incident, policy.current, book, by=by, at=at)
    return len(incidents)


def reached(policy: EscalationPolicy) -> IncidentQuerySet:
    """Open ones under an earlier version, and those whose severity names this policy by now."""
    if policy.current is None:
        return Incident.objects.none()
    return running(policy).exclude(escalation=policy.current)


def running(policy: EscalationPolicy) -> IncidentQuerySet:
    """Open ones that this policy has to do with."""
    names_it = SeverityPolicy.objects.filter(escalation=policy).values("severity")
    return Incident.objects.open().filter(Q(escalation__policy=policy) | Q(severity__in=names_it))


def _apply(
    incident: Incident, version: PolicyVersion, book: Book, *, by: User, at: datetime
) -> None:
    fields = {"escalation": version} | _course(incident, version, at=at)
    Incident.objects.filter(pk=incident.pk).update(**fields)
    put(incident, fields)
    name = {"ko": version.policy.name_ko, "en": version.policy.name_en}
    spared = _withdraw(incident, book)
    data = {"policy": version.policy_id, "name": name, "version": version.number, "spared": spared}
    timeline.append(incident, Entry("policy_applied", at, by=by, data=data))
    lacking = recount(incident, book[incident.severity], at=at)
    if incident.status == Status.TRIGGERED:
        step = incident.plan.called(incident.escalation_place)
        page(incident, book, why="policy", at=at, step=step, again=lacking)


def _withdraw(incident: Incident, book: Book) -> list[str]:
    """What waits for people whom the calls until now do not name any more; whose it was."""
    step, instead = incident.plan.called(incident.escalation_place), incident.instead
    services = list(incident.services.all())
    named = book.called(incident.severity, step, services, instead)
    if incident.response_breached:  # whom it was sent up to, whatever the policy says
        named += [person for each in Severity for person in book.contact(each, instead)]
    pages = book.pages(incident.severity, step, services=services, instead=instead)
    people = Q(recipient__in={person.pk for person in named})
    machines = Q(recipient=None, address__in={page.address for page in pages if not page.user_id})
    return outbox.withdraw(incident.topic, why=CALLS, keep=people | machines)


def _course(incident: Incident, version: PolicyVersion, *, at: datetime) -> dict[str, Any]:
    """It goes on from the call it is at, which was when it was; under another policy it begins."""
    old, plan, place, called_at = incident.escalation, version.read(), 0, at
    if old and old.policy_id == version.policy_id:
        place = min(incident.escalation_place, plan.calls - 1)
        if incident.escalate_at:
            called_at = incident.escalate_at - old.read().step(incident.escalation_place).wait
    calling = incident.status == Status.TRIGGERED
    return {
        "escalation_place": place,
        "escalate_at": plan.next_at(place, called_at=called_at) if calling else None,
    }

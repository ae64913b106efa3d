"""How often a group hears: counted from when it was last told, at the severity's pace.

Only what goes at once makes a promise; who reads the hour's digest was promised nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import F, Value

from incidents.domain.stakeholders import AT_ONCE, Happened, next_update
from incidents.models import Briefing, Incident, Occasion, SeverityPolicy, StakeholderMessage


def promise(
    messages: Iterable[StakeholderMessage], policies: Mapping[str, SeverityPolicy], *, at: datetime
) -> None:
    """Whoever is to be told at once is promised an update, from now on."""
    rows = {
        (one.incident_id, one.group_id): Briefing(
            incident_id=one.incident_id,
            group_id=one.group_id,
            since=at,
            due_at=next_update(at, every=policies[one.incident.severity].update_every),
        )
        for one in messages
        if one.urgency in AT_ONCE and one.incident.is_open
    }
    Briefing.objects.bulk_create(rows.values(), ignore_conflicts=True)


def follow(
    occasions: Sequence[Occasion],
    incidents: Mapping[int, Incident],
    policies: Mapping[str, SeverityPolicy],
    *,
    at: datetime,
) -> None:
    """Another severity is another pace; what came back counts anew; at the end nothing is due."""
    over = {number for number, incident in incidents.items() if not incident.is_open}
    Briefing.objects.filter(incident__in=over).update(due_at=None)
    again = _with(occasions, Happened.OPENED) - over
    Briefing.objects.filter(incident__in=again, due_at=None).update(since=at)
    changed = (again | _with(occasions, Happened.SEVERITY)) - over
    for severity, policy in policies.items():
        numbers = [number for number in changed if incidents[number].severity == severity]
        if numbers:
            _set_pace(numbers, policy)


def told(
    messages: Sequence[StakeholderMessage], incidents: Mapping[int, Incident], *, at: datetime
) -> None:
    """Somebody of the group has it now: the next update is counted from here."""
    policies = {row.severity: row for row in SeverityPolicy.objects.all()}
    rows = {
        (one.incident_id, one.group_id): _told(one, incidents[one.incident_id], policies, at)
        for one in messages
        if one.urgency in AT_ONCE
    }
    Briefing.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["incident", "group"],
        update_fields=["told_at", "since", "due_at", "reminded"],
    )


def _told(
    message: StakeholderMessage,
    incident: Incident,
    policies: Mapping[str, SeverityPolicy],
    at: datetime,
) -> Briefing:
    due = next_update(at, every=policies[incident.severity].update_every)
    return Briefing(
        incident=incident,
        group_id=message.group_id,
        told_at=at,
        since=at,
        due_at=due if incident.is_open else None,
    )


def _with(occasions: Iterable[Occasion], event: Happened) -> set[int]:
    return {one.incident_id for one in occasions if one.event == event}


def _set_pace(numbers: Sequence[int], policy: SeverityPolicy) -> None:
    every = policy.update_every
    due = F("since") + Value(every) if every else Value(None)
    Briefing.objects.filter(incident__in=numbers).update(due_at=due, reminded=False)

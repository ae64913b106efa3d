"""The facts that rules are asked about: one row, in the transaction of what happened."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from core.nudge import AFTER_PAGES, nudge
from incidents.domain.stakeholders import Happened
from incidents.models import Incident
from incidents.models.messages import Occasion

TICK: Final = "incidents.tell_stakeholders"


def update_due(incident: Incident, groups: Iterable[int], *, at: datetime) -> None:
    rows = [
        Occasion(
            incident=incident, event=Happened.UPDATE_DUE, severity=incident.severity,
            group_id=group, at=at,
        )
        for group in groups
    ]  # fmt: skip
    Occasion.objects.bulk_create(rows)
    nudge(TICK, after=AFTER_PAGES)


def happened(
    incidents: Iterable[Incident], event: Happened, *, at: datetime, old_severity: str = ""
) -> None:
    """`old_severity` of a change: who heard of the graver one hears of the milder one too."""
    rows = [
        Occasion(
            incident_id=incident.pk,
            event=event,
            severity=min(old_severity or incident.severity, incident.severity),
            at=at,
        )
        for incident in incidents
        if not incident.drill  # nobody outside the team hears of one
    ]
    Occasion.objects.bulk_create(rows)
    nudge(TICK, after=AFTER_PAGES)

from datetime import datetime
from typing import Any

from django.utils import timezone

from incidents.domain.lifecycle import Status
from incidents.models import Incident, SeverityPolicy
from incidents.screens.clock import response_clock
from incidents.screens.room.alerts import charts, linked
from incidents.screens.room.facts import facts
from incidents.services.asking import awaited
from notifications.models import Delivery


def answer_page(incident: Incident, delivery: Delivery, *, at: datetime) -> dict[str, Any]:
    """The page behind a paged link: one incident, one button, no sign-in."""
    clock = response_clock(incident, at=at)
    waiting = awaited(incident)
    called = delivery.recipient_id in waiting and incident.status != Status.TRIGGERED
    return {
        "incident": facts(
            incident, {row.severity: row.name for row in SeverityPolicy.objects.all()}
        ),
        "recipient": delivery.recipient_name,
        "clock": clock if clock.met is None and incident.is_open else None,
        "answered_by": incident.acknowledged_by.name if incident.acknowledged_by else "",
        "took": incident.acknowledged_by_id is not None
        and incident.acknowledged_by_id == delivery.recipient_id,
        "can_answer": incident.status == Status.TRIGGERED or called,
        "called": called,
        "caller": delivery.context.get("caller", ""),
        "words": delivery.context.get("words", ""),
        "charts": charts(incident, linked(incident), at=at)[:1],
        "now": timezone.localtime(at),
    }

"""Whoever leads a drill that somebody else planned, or nobody, is told of it, once."""

from datetime import datetime

from django.conf import settings

from core.bilingual import in_both
from incidents.services.quietly import quietly
from maintenance.models import Drill, Scenario, Way
from notifications import services as outbox
from teams.models import User


def tell_lead(drill: Drill, *, by: User | None, at: datetime) -> None:
    """In the transaction that plans it. Whoever is told already is told no second time."""
    if drill.lead is None or drill.lead == by:
        return
    topic, step = f"drill:{drill.pk}", f"lead:{drill.lead_id}"
    outbox.queue(quietly(drill.lead, topic, step, "drill_planned", _said(drill, by), at=at))


def _said(drill: Drill, by: User | None) -> dict[str, object]:
    names, ways = in_both(Scenario(drill.scenario).label), in_both(Way(drill.way).label)
    return {
        "localised": {one: {"name": names[one], "way": ways[one]} for one in names},
        "by": by.name if by else "",
        "planned_at": drill.planned_at.isoformat(),
        "severity": drill.severity,
        "page": f"{settings.BASE_URL}{drill.get_absolute_url()}",
    }

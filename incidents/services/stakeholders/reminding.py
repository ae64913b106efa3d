"""An update that is due: said once, whoever speaks for the incident told quietly, the rules asked.

Safe to run twice, late, or twice at once.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from incidents.domain.roles import Role
from incidents.models import Briefing, Incident
from incidents.services import timeline
from incidents.services.paging import said_in
from incidents.services.quietly import quietly
from incidents.services.stakeholders.occasions import update_due
from incidents.services.timeline import Entry
from notifications import services as outbox
from notifications.models import Delivery
from teams.models import User

BATCH: Final = 100


def remind_due(*, at: datetime) -> int:
    """One incident after the other, each locked before what was promised, as everybody does."""
    due = Briefing.objects.overdue(at).filter(reminded=False).order_by("due_at")
    numbers = dict.fromkeys(due.values_list("incident_id", flat=True)[:BATCH])
    return sum(_remind(number, at=at) for number in numbers)


@transaction.atomic
def _remind(number: int, *, at: datetime) -> int:
    incident = Incident.objects.select_for_update().get(pk=number)
    due = incident.briefings.overdue(at).filter(reminded=False)
    briefings = list(due.select_related("group").order_by("due_at", "group__slug"))
    due.update(reminded=True)
    if briefings and incident.is_open:
        groups = [{"ko": one.group.name_ko, "en": one.group.name_en} for one in briefings]
        timeline.append(incident, Entry("update_due", at, data={"groups": groups}))
        outbox.queue(_notices(incident, briefings, groups, at=at))
        update_due(incident, [one.group_id for one in briefings], at=at)
    return len(briefings)


def _notices(
    incident: Incident, briefings: Sequence[Briefing], groups: Sequence[dict[str, str]], *,
    at: datetime,
) -> list[Delivery]:  # fmt: skip
    """None while nobody speaks for it: whoever is paged has more urgent things to read."""
    first = briefings[0]
    address = reverse("incidents:messages", args=[incident.number])
    context = {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "page": f"{settings.BASE_URL}{address}",
        "told_at": first.told_at.isoformat() if first.told_at else "",
        "localised": {
            language: {"groups": ", ".join(group[language] for group in groups)}
            | said_in(incident, language)
            for language in ("ko", "en")
        },
    }
    step = f"update:{first.due_at:%y%m%d%H%M%S}"
    return quietly(speaker(incident), incident.topic, step, "update_due", context, at=at)


def speaker(incident: Incident) -> User | None:
    """Who has the communications, or else who commands."""
    roles = incident.roles.now().filter(role__in=[Role.COMMUNICATIONS, Role.COMMANDER])
    held = {row.role: row.user for row in roles.select_related("user")}
    return held.get(Role.COMMUNICATIONS) or held.get(Role.COMMANDER)

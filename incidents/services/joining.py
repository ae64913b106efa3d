"""Who came. To do anything in an incident is to have joined it; who only reads along says so."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.asked import CALL, Deeds
from incidents.domain.attendance import Attendance, attendance
from incidents.models import Incident
from incidents.services import timeline
from incidents.services.asking import awaited, came, deeds_of
from incidents.services.showing import show
from incidents.services.timeline import Entry
from notifications import services as outbox
from notifications.models import Delivery
from teams.models import User


def attendance_of(
    incident: Incident, pages: Iterable[Delivery], deeds: Mapping[int, Deeds] | None = None
) -> Attendance:
    """Read from its pages, the oldest first, and its timeline."""
    told: dict[int, datetime] = {}
    for page in pages:
        if page.recipient_id:
            told.setdefault(page.recipient_id, page.created_at)
    return attendance(told, came(deeds_of(incident) if deeds is None else deeds))


def join(incident: Incident, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        now = Incident.objects.select_for_update().get(pk=incident.pk)
        if not now.is_open:
            raise Refused(_("The incident is over: nobody need join."))
        deeds = deeds_of(now)
        if by.pk not in came(deeds) or by.pk in awaited(now, deeds):
            timeline.append(now, Entry("joined", at, by=by))
        if outbox.cancel(now.topic, recipient=by.pk, step=CALL):
            show(now, at=at)


def come(incident: Incident, *, by: User, at: datetime, way: dict[str, Any]) -> bool:
    """Whether they were called in, and have not answered yet: then their answer is that they come."""
    now = Incident.objects.select_for_update().get(pk=incident.pk)
    if by.pk not in awaited(now):
        return False
    timeline.append(now, Entry("joined", at, by=by, data=way))
    outbox.cancel(now.topic, recipient=by.pk)
    show(now, at=at)
    return True

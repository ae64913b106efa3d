from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.story import may_have_happened
from incidents.models import Incident
from incidents.services import timeline
from incidents.services.timeline import Entry
from teams.models import User


def note(
    incident: Incident, text: str, *, by: User, at: datetime, happened_at: datetime | None = None
) -> None:
    """What somebody saw or did. Its place in the chain is when it was written, its time when it happened."""
    if not text.strip():
        raise Refused(_("A note needs words."))
    data: dict[str, Any] = {"text": text.strip()[:10_000]}
    if happened_at:
        _judge(incident, happened_at, now=at)
        data["written_at"] = at.isoformat()
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        timeline.append(incident, Entry("note", happened_at or at, by=by, data=data))


def _judge(incident: Incident, happened_at: datetime, *, now: datetime) -> None:
    began = incident.started_at or incident.detected_at
    if not may_have_happened(happened_at, began=began, now=now):
        raise Refused(
            _("It happened between a week before the incident and now, or it is not part of it.")
        )

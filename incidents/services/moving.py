"""The one way from state to state: a compare-and-set, and what must happen with it."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.asked import CALL
from incidents.domain.lifecycle import Status, may_move
from incidents.models import Incident, StatusName
from incidents.services import timeline
from incidents.services.notices import withdraw_warnings
from incidents.services.showing import show
from incidents.services.timeline import Entry
from notifications import services as outbox
from teams.models import User

UNDER_WAY: Final = {Status.ACKNOWLEDGED, Status.MITIGATED}


class AlreadyMoved(Refused):
    """Somebody was faster; `incident` is fresh."""

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        status = StatusName(incident.status).label
        super().__init__(_("The incident is already: %(status)s.") % {"status": status})


def move(
    incident: Incident,
    to: Status,
    *,
    at: datetime,
    by: User | None,
    actor: str,
    way: dict[str, Any] | None = None,
    **fields: Any,
) -> None:
    if not may_move(incident.status, to):
        raise AlreadyMoved(incident)
    with transaction.atomic():
        fields |= {"status": to} | ({} if to == Status.TRIGGERED else {"escalate_at": None})
        moved = Incident.objects.filter(pk=incident.pk, status=incident.status).update(**fields)
        if not moved:
            incident.refresh_from_db()
            raise AlreadyMoved(incident)
        data = {"from": incident.status, "to": to} | (way or {})
        put(incident, fields)
        timeline.append(incident, Entry("status", at, by=by, actor=actor, data=data))
        # Whoever was called in by somebody is wanted until it is over, whoever else answers.
        outbox.cancel(incident.topic, keep_step=CALL if to in UNDER_WAY else "")
        if to in {Status.RESOLVED, Status.TRIGGERED}:  # until then the clock to resolution runs on
            withdraw_warnings(incident)
        show(incident, at=at)


def put(incident: Incident, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(incident, name, value)

"""Who came. To do anything in an incident is to have joined it; who only reads along says so."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.attendance import Attendance, attendance
from incidents.models import Incident
from incidents.services import timeline
from incidents.services.timeline import Entry
from notifications.models import Delivery
from teams.models import User


def attendance_of(incident: Incident, pages: Iterable[Delivery]) -> Attendance:
    """Read from its pages, the oldest first, and its timeline.

    What was written down afterwards says nothing of when somebody came.
    """
    told: dict[int, datetime] = {}
    for page in pages:
        if page.recipient_id:
            told.setdefault(page.recipient_id, page.created_at)
    return attendance(told, who_came(incident))


def who_came(incident: Incident) -> dict[int, datetime]:
    """Everybody who did something in it, and when first."""
    deeds = incident.timeline.filter(actor_user__isnull=False).exclude(data__has_key="written_at")
    firsts = deeds.order_by().values("actor_user").annotate(first=Min("at"))
    return dict(firsts.values_list("actor_user", "first"))


def join(incident: Incident, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        now = Incident.objects.select_for_update().get(pk=incident.pk)
        if not now.is_open:
            raise Refused(_("The incident is over: nobody need join."))
        if not now.timeline.filter(actor_user=by).exists():
            timeline.append(now, Entry("joined", at, by=by))

"""What customers are told of an incident, in its room."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from incidents.registry import Part, Reader, Section, Waiting, sections
from statuspage.domain.chasing import Owed, since
from statuspage.models import Notice, Page
from teams.domain.roles import Action

OWED: Final[dict[str, Promise]] = {
    Owed.FIRST: _("Customers see that it is broken, and no word of ours."),
    Owed.LATE: _("Customers wait for a promised update."),
    Owed.OVER: _("It is resolved, and customers do not know yet."),
}


@sections.register("status page")
class NoticeOfIncident(Section):
    def concerned(self, incident: Incident) -> Iterable[int]:
        """Nobody in particular: it depends on rank alone."""
        return ()

    def parts(self, incident: Incident, reader: Reader, *, at: datetime) -> list[Part]:
        """Urgent while customers wait for a word."""
        if incident.drill:
            return []
        notice = _notice_of(incident)
        if notice is None and not (incident.is_open and Page.objects.exists()):
            return []
        debt = notice.owed(at=at) if notice else None
        context = {
            "notice": notice,
            "home": notice.merged_into if notice else None,
            "last": notice.updates.first() if notice else None,
            "affected": notice.affected.select_related("component") if notice else (),
            "owed": debt,
            "since": since(notice.standing, debt) if notice and debt else None,
            "may_write": reader.may(Action.COMMAND),
            "number": incident.number,
        }
        return [Part("statuspage/_room.html", context, urgent=bool(debt))]

    def waiting(self, incident: Incident, *, at: datetime) -> list[Waiting]:
        notice = _notice_of(incident)
        debt = notice.owed(at=at) if notice and not incident.drill else None
        if notice is None or debt is None:
            return []
        address = reverse("statuspage:write", args=[notice.public_id])
        return [Waiting(str(OWED[debt]), since(notice.standing, debt), address)]


def _notice_of(incident: Incident) -> Notice | None:
    return (
        Notice.objects.filter(incident=incident).select_related("incident", "merged_into").first()
    )

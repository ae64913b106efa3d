"""What customers are told of an incident, in its room."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.registry import Part, Reader, Section, Waiting, sections
from statuspage.models import Notice, Page
from teams.domain.roles import Action


@sections.register("status page")
class NoticeOfIncident(Section):
    def concerned(self, incident: Incident) -> Iterable[int]:
        """Nobody in particular: it depends on rank alone."""
        return ()

    def parts(self, incident: Incident, reader: Reader, *, at: datetime) -> list[Part]:
        """Urgent while customers wait for a word."""
        if incident.drill:
            return []
        notice = Notice.objects.filter(incident=incident).first()
        if notice is None and not (incident.is_open and Page.objects.exists()):
            return []
        context = {
            "notice": notice,
            "last": notice.updates.first() if notice else None,
            "affected": notice.affected.select_related("component") if notice else (),
            "waits": waits(notice, incident, at=at),
            "may_write": reader.may(Action.COMMAND),
            "number": incident.number,
        }
        return [Part("statuspage/_room.html", context, urgent=bool(context["waits"]))]

    def waiting(self, incident: Incident, *, at: datetime) -> list[Waiting]:
        notice = Notice.objects.filter(incident=incident).first()
        waited_for = waits(notice, incident, at=at)
        if notice is None or not waited_for or incident.drill:
            return []
        words = {
            "first": _("Customers see that it is broken, and no word of ours."),
            "late": _("Customers wait for a promised update."),
            "over": _("It is resolved, and customers do not know yet."),
        }
        since = {"late": notice.next_update_by, "over": incident.resolved_at}.get(waited_for)
        address = reverse("statuspage:write", args=[notice.public_id])
        return [Waiting(words[waited_for], since or incident.detected_at, address)]


def waits(notice: Notice | None, incident: Incident, *, at: datetime) -> str:
    """For which word: `first`, `late` or `over`; "" for none."""
    if notice is None or notice.is_over:
        return ""
    if notice.published_at is None:
        return "first"
    if not incident.is_open:
        return "over"
    return "late" if notice.next_update_by and notice.next_update_by <= at else ""

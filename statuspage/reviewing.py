"""How an incident came about, told to customers on the notice that told them of it."""

from datetime import datetime

from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.models import Incident
from incidents.registry import Public, publics
from statuspage.domain.phases import Kind, Phase, may_follow
from statuspage.models import Notice
from statuspage.services.saying import Words, say
from teams.models import User


@publics.register("status page")
class NoticeOfReview(Public):
    def waits(self, incident: Incident) -> bool:
        notice = _told(incident)
        return notice is not None and may_follow(
            Phase(notice.phase), Phase.POSTMORTEM, Kind(notice.kind)
        )

    def tell(
        self, incident: Incident, korean: str, english: str, *, by: User | None, at: datetime
    ) -> None:
        notice = _told(incident)
        if notice is None:
            raise Refused(
                _("Customers were not told of this incident, so they hear nothing of its causes.")
            )
        say(notice, Words(Phase.POSTMORTEM, korean, english), by=by, at=at)


def _told(incident: Incident) -> Notice | None:
    if incident.drill:
        return None
    return Notice.objects.filter(incident=incident, published_at__isnull=False).first()

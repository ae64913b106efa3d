from datetime import datetime, timedelta
from typing import Final

from incidents.domain.presence import BELIEVED, SAID_AGAIN
from incidents.models import Incident, Presence
from teams.models import User

KEPT: Final = timedelta(days=1)


def look(incident: Incident, *, by: User, at: datetime) -> None:
    """Somebody looks: beside the timeline and the room's version, so that nobody else's poll is woken."""
    mine = Presence.objects.filter(incident=incident, user=by)
    if mine.filter(seen_at__lt=at - SAID_AGAIN).update(seen_at=at) or mine.exists():
        return
    Presence.objects.filter(seen_at__lt=at - KEPT).delete()
    new = Presence(incident=incident, user=by, seen_at=at)
    Presence.objects.bulk_create([new], ignore_conflicts=True)


def who_looks(incident: Incident, *, at: datetime) -> list[User]:
    rows = Presence.objects.filter(incident=incident, seen_at__gt=at - BELIEVED)
    return [row.user for row in rows.select_related("user").order_by("user__display_name")[:200]]

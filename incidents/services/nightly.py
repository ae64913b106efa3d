"""Once a night administrators hear of the holes through which a page would fall."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation

from incidents.domain.paging import Page
from incidents.domain.reach import Hole
from incidents.narration_reach import line, told
from incidents.services.policies import leader
from incidents.services.reachability import find_holes
from notifications import services as outbox
from notifications.models import Delivery, Lane
from teams.domain.roles import Role
from teams.models import User

AFTER: Final = time(4)  # local: whoever wakes up finds it, and nobody is woken


def tell_of_holes(*, at: datetime) -> int:
    """Asked every hour, does it once a day; twice at once, the outbox keeps one."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    topic = f"reach:{local:%Y%m%d}"
    if local.time() < AFTER or Delivery.objects.about(topic).exists():
        return 0
    grave = [hole for hole in find_holes(at=at) if hole.grave]
    if not grave:
        return 0
    people = User.objects.reachable().filter(role=Role.ADMINISTRATOR)
    ways = [(person, way) for person in people if (way := leader(person))]
    outbox.queue([_notice(person, way, topic, grave, at) for person, way in ways])
    return len(ways)


def _notice(person: User, way: Page, topic: str, grave: Sequence[Hole], at: datetime) -> Delivery:
    with translation.override(way.language), timezone.override(ZoneInfo(person.time_zone)):
        words = [line(hole) for hole in told(grave, at=at)]
    return Delivery(
        lane=Lane.NOTICE,
        topic=topic,
        step="nightly",
        recipient_id=way.user_id,
        recipient_name=way.name,
        language=way.language,
        channel=way.channel,
        address=way.address,
        template="holes",
        context={"holes": words, "page": f"{settings.BASE_URL}/on-call/holes/"},
        created_at=at,
        due_at=at,
    )

"""Of what a maintenance is to be: subscribers are reminded that it comes, its people asked whether it ends in time.

Safe to run twice, late, or twice at once.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.services.quietly import quietly
from notifications import services as outbox
from notifications.models import Delivery
from statuspage import wording
from statuspage.domain.phases import Kind, Phase
from statuspage.domain.reminding import ASKED, asks_at, is_due
from statuspage.models import Notice, Page
from statuspage.services.saying import Words, say
from teams.models import User

BATCH: Final = 100


def remind_due(*, at: datetime) -> int:
    """How many maintenances subscribers were reminded of."""
    page = Page.objects.first()
    if page is None:
        return 0
    coming = Notice.objects.public().filter(
        kind=Kind.MAINTENANCE, phase=Phase.SCHEDULED, scheduled_for__gt=at
    ).exclude(remind=[])  # fmt: skip
    said = Max("updates__at", filter=Q(updates__told=True))
    words = coming.order_by("scheduled_for").annotate(said=said).values_list("pk", "said")[:BATCH]
    rows = coming.in_bulk([pk for pk, _said in words])
    return sum(_remind(rows[pk], page.time_zone, last, at=at) for pk, last in words)


def _remind(notice: Notice, zone: str, last: datetime | None, *, at: datetime) -> bool:
    before = [timedelta(minutes=minutes) for minutes in notice.remind]
    begins = notice.scheduled_for or notice.started_at
    if not is_due(begins, before, last or notice.created_at, at=at):
        return False
    words = Words(
        Phase.SCHEDULED, _reminder(notice, zone, "ko"), _reminder(notice, zone, "en"),
        unless=notice.updated_at,
    )  # fmt: skip
    try:
        say(notice, words, by=None, at=at)
    except Refused:
        return False  # a person was faster; the next tick looks again
    return True


def _reminder(notice: Notice, zone: str, language: str) -> str:
    begins, ends = notice.scheduled_for, notice.scheduled_until
    with translation.override(language):
        times = wording.times(begins or notice.started_at, ends or notice.started_at, zone)
        return _("A reminder of this maintenance: %(times)s.") % {"times": times}


def ask_due(*, at: datetime) -> int:
    """Whoever spoke of it last is asked once whether it ends as planned; a new end asks again."""
    under_way = Notice.objects.public().filter(
        kind=Kind.MAINTENANCE, phase__in=[Phase.IN_PROGRESS, Phase.VERIFYING], chased_at=None,
        scheduled_until__gt=at, scheduled_until__lte=at + ASKED,
    )  # fmt: skip
    return sum(_ask(one, at=at) for one in under_way.order_by("scheduled_until")[:BATCH])


def _ask(notice: Notice, *, at: datetime) -> bool:
    begins, ends = notice.scheduled_for, notice.scheduled_until
    if not (begins and ends) or at < asks_at(begins, ends):
        return False
    with transaction.atomic():
        mine = Notice.objects.filter(pk=notice.pk, chased_at=None, scheduled_until=ends)
        if not mine.update(chased_at=at):
            return False
        outbox.queue(_question(notice, ends, at=at))
    return True


def _question(notice: Notice, ends: datetime, *, at: datetime) -> list[Delivery]:
    person = User.objects.filter(pk__in=notice.updates.exclude(by=None).values("by")[:1]).first()
    plan = reverse("statuspage:plan", args=[notice.public_id])
    context = {
        "title_ko": notice.title_ko, "title_en": notice.title_en, "ends": ends.isoformat(),
        "page": f"{settings.BASE_URL}{plan}",
    }  # fmt: skip
    topic, step = f"notice:{notice.public_id}", f"ends:{at:%y%m%d%H%M%S}"
    return quietly(person, topic, step, "maintenance_ends", context, at=at)

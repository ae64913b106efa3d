"""A word that is owed to customers: whoever speaks for the incident is reminded of it, quietly.

Safe to run twice, late, or twice at once.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from incidents.models import Incident, SeverityPolicy
from incidents.services import timeline
from incidents.services.paging import said_in
from incidents.services.quietly import quietly
from incidents.services.stakeholders import speaker
from incidents.services.timeline import Entry
from notifications import services as outbox
from notifications.models import Delivery
from statuspage.domain.chasing import Owed, is_due, since
from statuspage.models import Notice, Page

EVERY: Final = timedelta(minutes=30)  # where the severity has no interval
BATCH: Final = 100


def chase_due(*, at: datetime) -> int:
    """Whose reminders went out. Only what goes on is looked at."""
    page = Page.objects.first()
    if page is None:
        return 0
    every = dict(SeverityPolicy.objects.values_list("severity", "update_every"))
    rows = Notice.objects.going_on().filter(incident__drill=False, incident__merged_into=None)
    found = rows.select_related("incident").order_by("started_at")[:BATCH]
    return sum(
        _chase(notice, page, every.get(notice.incident.severity) or EVERY, at=at)
        for notice in found
        if notice.incident
    )


def _chase(notice: Notice, page: Page, every: timedelta, *, at: datetime) -> bool:
    if _debt(notice, page, every, at=at) is None:
        return False
    with transaction.atomic():
        # In the order of whoever says something: the notice first.
        held = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
        incident = Incident.objects.select_for_update().filter(notice=held).first()
        debt = _debt(held, page, every, at=at)  # somebody may have said it, or reminded of it
        if incident is None or debt is None:
            return False
        if held.chased_at is None:
            timeline.append(incident, Entry("public_update_due", at, data={"owed": debt}))
        Notice.objects.filter(pk=held.pk).update(chased_at=at)
        outbox.queue(_reminders(incident, held, debt, at=at))
    return True


def _debt(notice: Notice, page: Page, every: timedelta, *, at: datetime) -> Owed | None:
    """What is owed, if it is time to say so."""
    debt = notice.owed(at=at)
    if debt is None or (debt is Owed.OVER and page.closes_after is not None):
        return None  # the page says by itself that it is over
    return debt if is_due(notice.standing, debt, notice.chased_at, every, at=at) else None


def _reminders(incident: Incident, notice: Notice, debt: Owed, *, at: datetime) -> list[Delivery]:
    """None while nobody speaks for it: whoever is paged has more urgent things to read."""
    context = {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "owed": debt,
        "since": since(notice.standing, debt).isoformat(),
        "page": f"{settings.BASE_URL}{reverse('statuspage:write', args=[notice.public_id])}",
        "localised": {language: said_in(incident, language) for language in ("ko", "en")},
    }
    step = f"public:{at:%y%m%d%H%M%S}"
    return quietly(speaker(incident), incident.topic, step, "public_due", context, at=at)

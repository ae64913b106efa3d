"""Time in which nobody watched is unknown: neither up nor down, and grey on the page."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from statuspage.domain.states import State
from statuspage.models import Change, Component, Interval, Page, Source

NOTED_EVERY: Final = timedelta(seconds=30)
AWAY: Final = timedelta(minutes=5)  # a restart is shorter: what fails meanwhile is found after it


def watch(*, at: datetime) -> bool:
    """Whether the portal had been away, database, scheduler or workers, until now: then nobody looked."""
    page = Page.objects.first()
    if page is None or (page.watched_at and at < page.watched_at + NOTED_EVERY):
        return False
    with transaction.atomic():
        seen = page.watched_at
        if not Page.objects.filter(pk=page.pk, watched_at=seen).update(watched_at=at):
            return False  # another tick was faster
        if seen is None or at - seen <= AWAY:
            return False
        Interval.objects.bulk_create(
            Interval(
                component=one, state=State.UNKNOWN, source=Source.UNWATCHED,
                began_at=seen, ended_at=at,
            )
            for one in Component.objects.all()
        )  # fmt: skip
        Change.objects.note("unwatched", at=at)
    return True

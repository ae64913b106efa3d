"""The team is called together: a fact here; its channel is opened by `services.channels`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import AFTER_PAGES, nudge
from incidents.models import Assembly, Incident
from incidents.services import timeline
from incidents.services.paging import page
from incidents.services.policies import Book, read_book
from incidents.services.timeline import Entry
from teams.models import User

TICK: Final = "incidents.open_channels"
MOST: Final = 10  # channels opened unasked within WINDOW: a storm of alerts opens no hundred
WINDOW: Final = timedelta(minutes=10)


def assemble(incident: Incident, *, by: User, at: datetime) -> None:
    """Whoever was not paged yet is, and the channel is opened; asked again, it is tried again."""
    with transaction.atomic():
        now = Incident.objects.select_for_update().get(pk=incident.pk)
        if not now.is_open:
            raise Refused(_("The incident is over: nobody need be called together."))
        asked = {"asked_at": at, "asked_by": by, "due_at": at if settings.SLACK_BOT_TOKEN else None}
        row, is_new = Assembly.objects.get_or_create(incident=now, defaults=asked)
        if not is_new and row.due_at is None and settings.SLACK_BOT_TOKEN:
            Assembly.objects.filter(pk=row.pk).update(due_at=at, attempts=0, error="")
        timeline.append(now, Entry("assembled", at, by=by))
        page(now, read_book(at=at), why="assembled", at=at)
        nudge(TICK)


def dismiss(incident: Incident, *, at: datetime) -> None:
    """All is said and written down: the channel of an incident that is over is archived at once."""
    Assembly.objects.dismiss(incident, at=at)
    nudge(TICK)


def where_severity_says(incidents: Sequence[Incident], book: Book, *, at: datetime) -> None:
    """In the transaction that opens them, or makes them graver; a channel that is there stays."""
    wanted = [incident for incident in incidents if book[incident.severity].assembles]
    if not wanted or not settings.SLACK_BOT_TOKEN:
        return
    unasked = Assembly.objects.filter(asked_by=None, asked_at__gt=at - WINDOW).count()
    rows = [
        Assembly(incident=incident, asked_at=at, due_at=at)
        for incident in wanted[: max(0, MOST - unasked)]
    ]
    Assembly.objects.bulk_create(rows, ignore_conflicts=True)
    nudge(TICK, after=AFTER_PAGES)

"""Silences that fall on an open incident's alerts are said on its timeline; whoever made one knows of no incident."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from incidents.models import Incident, LinkedAlert
from incidents.services import timeline
from incidents.services.timeline import Entry
from monitoring.models import Alert, Silence

BATCH: Final = 500


def note_silences(*, at: datetime) -> int:
    """A line for each silence, however many of the incident's alerts it keeps quiet."""
    with transaction.atomic():
        unsaid = LinkedAlert.objects.filter(
            ~Q(silence_said=F("alert__silence")) | Q(silence_said=None),
            alert__muted_until__gt=at, alert__resolved_at=None, alert__silence__isnull=False,
        )  # fmt: skip
        links = unsaid.select_related("alert__silence__by").order_by("incident", "alert__silence")
        found = list(links[:BATCH])
        free = Incident.objects.open().select_for_update(skip_locked=True).order_by("number")
        incidents = free.in_bulk({link.incident_id for link in found})
        mine = [link for link in found if link.incident_id in incidents]
        for number, theirs in groupby(mine, key=lambda link: link.incident_id):
            timeline.append(incidents[number], *_entries(theirs, at))
        for link in mine:
            link.silence_said = link.alert.silence_id
        LinkedAlert.objects.bulk_update(mine, ["silence_said"])
    return len(mine)


def _entries(links: Iterable[LinkedAlert], at: datetime) -> Iterable[Entry]:
    for silence, quiet in groupby(links, key=lambda link: link.alert.silence):
        if silence:
            yield _entry(silence, [link.alert for link in quiet], at)


def _entry(silence: Silence, alerts: list[Alert], at: datetime) -> Entry:
    data = {
        **alerts[0].titled,
        "count": len(alerts),
        "until": silence.ends_at.isoformat(),
        "why": silence.comment,
        "silence": str(silence.pk),
    }
    return Entry("silenced", at, by=silence.by, actor=silence.created_by, data=data)

"""Maintenance that is planned: what is announced to customers, and what only mutes alerts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.due import when
from maintenance.domain.periods import at_local
from maintenance.models import Round
from maintenance.rounds import TONES
from maintenance.services.planning import company_zone
from monitoring.models import MaintenanceWindow

SHOWN: Final = 10
A_DAY: Final = timedelta(days=1)
MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Planned:
    window: MaintenanceWindow
    running: bool
    services: str


def planned(*, at: datetime) -> Sequence[Planned]:
    """What goes on first, then what comes; one announced on the status page is a window, too."""
    rows = MaintenanceWindow.objects.prefetch_related("services")
    now, later = rows.active(at).order_by("ends_at"), rows.pending(at).order_by("starts_at")
    return [
        Planned(one, running, ", ".join(map(str, one.services.all())))
        for found, running in ((now, True), (later, False))
        for one in found[:SHOWN]
    ]


@dataclass(frozen=True)
class Marked:
    """What stands on a day of the calendar."""

    day: date
    name: str
    tone: str
    word: str
    url: str


def on_days(begin: date, end: date, *, at: datetime) -> Iterator[Marked]:
    """Maintenance on each day that it touches, and checklists on the day they are due."""
    yield from _windows(begin, end)
    today = at.astimezone(company_zone()).date()
    for row in Round.objects.filter(due__gte=begin, due__lte=end).select_related("checklist"):
        tone = "good" if row.signed_at else TONES[when(row.due, today=today)]
        word = pgettext("checklist", "signed") if row.signed_at else _("due")
        yield Marked(row.due, str(row), tone, word, row.get_absolute_url())


def _windows(begin: date, end: date) -> Iterator[Marked]:
    """One that ends at midnight does not touch the day that begins then."""
    zone, url = company_zone(), reverse("monitoring:windows")
    since, until = (at_local(day, time.min, zone) for day in (begin, end + A_DAY))
    rows = MaintenanceWindow.objects.filter(starts_at__lt=until, ends_at__gt=since)
    for one in rows.order_by("starts_at"):
        starts = one.starts_at.astimezone(zone)
        touched = one.over_at.astimezone(zone) - MOMENT
        if touched < starts:
            continue  # it was called off before it began
        first, last = max(begin, starts.date()), min(end, touched.date())
        for place in range((last - first).days + 1):
            day = first + place * A_DAY
            name = f"{starts:%H:%M} {one.name}" if day == starts.date() else one.name
            yield Marked(day, name, "p3", _("maintenance"), url)

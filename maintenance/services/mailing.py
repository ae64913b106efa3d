"""The report of a period, mailed once when all of its work is done."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import translation

from maintenance.domain.periods import Frequency, Period
from maintenance.models import RoutineRun
from maintenance.reporting import Report, is_complete, newest_with_runs, of_frequency, report_of
from notifications import services as outbox
from notifications.models import Delivery, Lane
from teams.domain.roles import Role
from teams.models import User

LATE: Final = timedelta(days=7)  # what was mailed is forgotten in time, and is not mailed again
READERS: Final = {
    Frequency.DAILY: [Role.ADMINISTRATOR],
    Frequency.WEEKLY: [Role.ADMINISTRATOR],
    Frequency.MONTHLY: [Role.ADMINISTRATOR, Role.MANAGER],
    Frequency.QUARTERLY: [Role.ADMINISTRATOR, Role.MANAGER],
}
LINES: Final = 3  # of each job; the page has all


def mail_due(*, at: datetime) -> int:
    return sum(_mail(frequency, at) for frequency in Frequency)


def _mail(frequency: Frequency, at: datetime) -> int:
    period = newest_with_runs(frequency)
    if period is None or _ended(period) < at - LATE:
        return 0
    topic = f"routine:{frequency}:{period}"
    if Delivery.objects.about(topic).exists():
        return 0
    report = report_of(period)
    if not is_complete(report):
        return 0
    said = {language: _words(report, language) for language, _name in settings.LANGUAGES}
    mails = [
        _delivery(person, address, said[person.language], topic, at)
        for person, address in _readers(frequency)
    ]
    outbox.queue(mails)
    return len(mails)


def _ended(period: Period) -> datetime:
    """Not when it began: a month may be caught up in its last week."""
    runs = RoutineRun.objects.over().filter(first=period.first)
    last = runs.filter(routine__in=of_frequency(period.frequency)).aggregate(at=Max("ended_at"))
    ended: datetime = last["at"]
    return ended


def _words(report: Report, language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            "period": str(report.period),
            "frequency": report.period.frequency.value,
            "failed": report.failed,
            "ran": report.ran,
            "page": f"{settings.BASE_URL}{address_of(report.period)}",
            "jobs": [
                {
                    "title": str(one.routine),
                    "status": one.run.get_status_display() if one.run else "–",
                    "failed": bool(one.run and one.run.why),
                    "lines": [line.text for line in one.lines[:LINES]] or [one.summary],
                }
                for one in report.entries
            ],
        }


def address_of(period: Period) -> str:
    return reverse("maintenance:routine_report", args=[period.frequency.value, str(period.first)])


def _readers(frequency: Frequency) -> Iterable[tuple[User, str]]:
    people = User.objects.filter(role__in=READERS[frequency], is_active=True)
    for person in people.prefetch_related("contacts"):
        mails = [
            way.address for way in person.contacts.all() if way.enabled and way.channel == "email"
        ]
        if mails:
            yield person, mails[0]


def _delivery(
    person: User, address: str, said: dict[str, Any], topic: str, at: datetime
) -> Delivery:
    return Delivery(
        lane=Lane.NOTICE, topic=topic, step="report", recipient=person, recipient_name=person.name,
        language=person.language, channel="email", address=address, template="routine_report",
        context=said, created_at=at, due_at=at,
    )  # fmt: skip

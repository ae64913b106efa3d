"""The report of a period, mailed once when all of its work is done."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from maintenance.domain.periods import Frequency, Period
from maintenance.models import FREQUENCY
from maintenance.reporting import Report, done_at, newest, report_of
from maintenance.services.planning import company_zone
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
    return sum(_mail(period, at) for frequency in Frequency for period in _newest(frequency))


def _newest(frequency: Frequency) -> list[Period]:
    """A quarter may be over before all of its checklists are signed."""
    period = newest(frequency)
    if period is None:
        return []
    return [period.before, period] if frequency is FREQUENCY else [period]


def _mail(period: Period, at: datetime) -> int:
    topic = f"routine:{period.frequency}:{period}"
    if period.ends(company_zone()) < at - LATE or Delivery.objects.about(topic).exists():
        return 0
    report = report_of(period, at=at)
    done = done_at(report)
    if done is None or not at - LATE <= done <= at:
        return 0
    said = {language: _words(report, language) for language, _name in settings.LANGUAGES}
    mails = [
        _delivery(person, address, said[person.language], topic, at)
        for person, address in readers(period.frequency)
    ]
    outbox.queue(mails)
    return len(mails)


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
                    "more": len(one.lines[LINES:]),
                }
                for one in report.entries
            ],
            "signed": report.signed,
            "late": report.late,
            "checklists": [
                {
                    "title": str(one.round),
                    "word": one.word,
                    "late": one.is_late,
                    "answered": one.answered,
                    "total": one.total,
                    "findings": one.findings,
                }
                for one in report.rounds
            ],
        }


def address_of(period: Period) -> str:
    return reverse("maintenance:routine_report", args=[period.frequency.value, str(period.first)])


def readers(frequency: Frequency) -> Iterable[tuple[User, str]]:
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

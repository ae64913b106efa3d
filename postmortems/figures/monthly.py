"""Each first of a month the improvement report is printed, kept, and sent to whoever leads."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation

from notifications import services as outbox
from notifications.models import Delivery, Lane
from postmortems.domain.figures.cases import Window
from postmortems.figures import paper
from postmortems.figures.improvement import BEFORE, Improvement, between
from postmortems.figures.models import MONTH, QUARTER, ImprovementReport
from postmortems.figures.reading import days_before
from postmortems.figures.whole import zone
from teams.domain.roles import Role
from teams.models import User

AFTER: Final = time(8)  # local: it is read over the first coffee
QUARTERS: Final = frozenset({1, 4, 7, 10})
LEADERS: Final = "management"  # a stakeholder group of the manual
TOLD: Final = 5  # pieces of advice in the mail; the PDF has all


def make_due(*, at: datetime) -> int:
    """Asked every hour. How many were printed; of a time without any incident there is nothing to say."""
    local = at.astimezone(zone())
    first = local.date().replace(day=1)
    if local.date() == first and local.time() < AFTER:
        return 0
    return sum(_make(days, first, at=at) for days in _spans(first))


def _spans(first: date) -> Iterator[int]:
    yield MONTH
    if first.month in QUARTERS:
        yield QUARTER


def _make(days: int, first: date, *, at: datetime) -> int:
    languages = [code for code, _name in settings.LANGUAGES]
    there = ImprovementReport.objects.filter(days=days, until=first)
    missing = set(languages) - set(there.values_list("language", flat=True))
    for language in sorted(missing):
        with translation.override(language), timezone.override(zone()):
            report = of_days_until(days, first, at=at)
            if not (len(report.now.cases) or len(report.before.cases)):
                return 0
            _keep(report, first, language, at=at)
    _tell(days, first, at=at)
    return len(missing)


def of_days_until(days: int, first: date, *, at: datetime) -> Improvement:
    end = datetime.combine(first, time.min, zone())
    begin = datetime.combine(first - timedelta(days=days), time.min, zone())
    window = Window(begin.astimezone(UTC), end.astimezone(UTC))
    return between(days, window, days_before(window, BEFORE[days], zone()), at=at)


def _keep(report: Improvement, first: date, language: str, *, at: datetime) -> None:
    """Two workers at once print the same; one is kept."""
    made = ImprovementReport(
        days=report.days, until=first, language=language, made_at=at,
        pdf=paper.pdf(report, language=language),
    )  # fmt: skip
    ImprovementReport.objects.bulk_create([made], ignore_conflicts=True)


def _tell(days: int, first: date, *, at: datetime) -> None:
    topic = f"improvement:{days}:{first:%Y%m%d}"
    if Delivery.objects.about(topic).exists():
        return
    said = {
        one.language: _words(one, at=at)
        for one in ImprovementReport.objects.filter(days=days, until=first)
    }
    outbox.queue(
        _mail(person, address, said[person.language], topic, at)
        for person, address in _readers(days)
        if person.language in said
    )


def _words(report: ImprovementReport, *, at: datetime) -> dict[str, Any]:
    with translation.override(report.language):
        found = of_days_until(report.days, report.until, at=at)
        return {
            "until": f"{report.until:%Y-%m-%d}",
            "days": report.days,
            "advice": [list(pair) for pair in found.advice[:TOLD]],
            "changes": [f"{line.name}: {line.said}" for line in found.lines],
            "page": f"{settings.BASE_URL}{report.get_absolute_url()}",
        }


def _readers(days: int) -> Iterable[tuple[User, str]]:
    """Managers each month; each quarter whoever manages them, too."""
    whom = Q(role__in=[Role.MANAGER, Role.ADMINISTRATOR])
    if days == QUARTER:
        whom |= Q(stakeholder_groups__slug=LEADERS)
    for person in User.objects.filter(whom, is_active=True).distinct().prefetch_related("contacts"):
        mails = [
            way.address for way in person.contacts.all() if way.enabled and way.channel == "email"
        ]
        if mails:
            yield person, mails[0]


def _mail(person: User, address: str, said: dict[str, Any], topic: str, at: datetime) -> Delivery:
    return Delivery(
        lane=Lane.NOTICE, topic=topic, step="report", recipient=person, recipient_name=person.name,
        language=person.language, channel="email", address=address, template="improvement",
        context=said, created_at=at, due_at=at,
    )  # fmt: skip

"""The archive: every postmortem, found by words, quarter, service, severity and state."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.severity import Severity
from incidents.models import Incident
from incidents.queries import search
from postmortems.domain.quarters import Quarter, down_from
from postmortems.models import Postmortem, State
from teams.models import Service

QUARTERS: Final = 24  # that can be chosen: six years
TEXTS: Final = (
    "summary_ko", "summary_en", "contributing_factors", "lessons", "went_well", "went_badly", "got_lucky",
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    q: str = ""
    quarter: Quarter | None = None
    service: str = ""
    severity: str = ""
    state: str = ""

    @classmethod
    def read(cls, asked: Any) -> "Filters":
        return cls(
            q=asked.get("q", "").strip()[:200],
            quarter=Quarter.read(asked.get("quarter", "")),
            service=asked.get("service", "")[:100],
            severity=asked.get("severity", "")[:10],
            state=asked.get("state", "")[:10],
        )

    def apply(self, rows: QuerySet[Postmortem]) -> QuerySet[Postmortem]:
        if self.q:
            rows = rows.filter(_saying(self.q))
        if self.quarter:
            rows = rows.filter(
                incident__detected_at__gte=_midnight(self.quarter.first_day),
                incident__detected_at__lt=_midnight(self.quarter.after.first_day),
            )
        if self.service:
            rows = rows.filter(incident__services__slug=self.service)
        if self.severity:
            rows = rows.filter(incident__severity=self.severity)
        if self.state:
            rows = rows.filter(state=self.state)
        return rows


def _saying(typed: str) -> Q:
    """In the incident, or in what people wrote of it."""
    found = Q(incident__in=search(Incident.objects.all(), typed).values("pk"))
    for name in TEXTS:
        found |= Q(**{f"{name}__icontains": typed})
    whys = Postmortem.objects.filter(whys__answer__icontains=typed)
    actions = Postmortem.objects.filter(actions__description__icontains=typed)
    return found | Q(pk__in=whys.values("pk")) | Q(pk__in=actions.values("pk"))


def choices(*, today: date) -> dict[str, list[tuple[str, str]]]:
    return {
        "quarter": [(str(one), worded(one)) for one in _quarters(today)],
        "service": [(one.slug, one.name) for one in Service.objects.all()],
        "severity": [(str(one), str(one)) for one in Severity],
        "state": [(str(value), str(label)) for value, label in State.choices],
    }


def worded(quarter: Quarter) -> str:
    return _("Q%(number)s %(year)s") % {"number": quarter.number, "year": quarter.year}


def _quarters(today: date) -> list[Quarter]:
    """Those with incidents that have a postmortem, and the last one, which is asked for most."""
    times = Postmortem.objects.aggregate(
        oldest=Min("incident__detected_at"), newest=Max("incident__detected_at")
    )
    now = Quarter.of(today)
    oldest, newest = (_quarter(times[end]) for end in ("oldest", "newest"))
    return down_from(max(now, newest or now), min(now.before, oldest or now), most=QUARTERS)


def _quarter(at: datetime | None) -> Quarter | None:
    return Quarter.of(timezone.localtime(at).date()) if at else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

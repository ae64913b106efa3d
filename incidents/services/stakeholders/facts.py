"""What the placeholders of a template stand for, in either language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incidents.domain import wording
from incidents.domain.stakeholders import next_update
from incidents.models import Incident, SeverityPolicy, StatusName
from incidents.models.stakeholders import MessageTemplate
from teams.models import Service

LANGUAGES: Final = ("ko", "en")
MOMENT: Final = {"ko": "n월 j일 H:i (T)", "en": "j M, H:i (T)"}


@dataclass(frozen=True)
class About:
    """An incident as stakeholders hear of it."""

    incident: Incident
    services: Iterable[Service]
    policy: SeverityPolicy
    at: datetime

    @cached_property
    def facts(self) -> dict[str, dict[str, str]]:
        """By language: the same for every template."""
        return {language: facts_in(language, self) for language in LANGUAGES}


def worded(template: MessageTemplate, about: About) -> dict[str, str]:
    """Subject and text in both languages, as fields of a message."""
    said: dict[str, str] = {}
    for language in LANGUAGES:
        for part in ("subject", "body"):
            text = wording.fill(getattr(template, f"{part}_{language}"), about.facts[language])
            said[f"{part}_{language}"] = wording.tidy(text)
    return said | {f"subject_{each}": said[f"subject_{each}"][:300] for each in LANGUAGES}


def begun(incident: Incident, template: MessageTemplate, *, at: datetime) -> dict[str, str]:
    """What a person begins a message with."""
    policy = SeverityPolicy.objects.get(severity=incident.severity)
    return worded(template, About(incident, incident.services.all(), policy, at))


def facts_in(language: str, about: About) -> dict[str, str]:
    incident = about.incident
    # Readers may be anywhere: one zone for all, and its name beside the time.
    with translation.override(language), timezone.override(settings.TIME_ZONE):
        due = next_update(about.at, every=about.policy.update_every)
        return {
            "number": str(incident.number),
            "title": incident.heading,
            "severity": incident.severity,
            "severity_name": about.policy.name,
            "services": _listed(about.services),
            "since": _moment(incident.started_at or incident.detected_at, language),
            "status": str(StatusName(incident.status).label),
            "next_update": _moment(due, language) if due else _("when there is news"),
            "link": f"{settings.BASE_URL}{incident.get_absolute_url()}",
        }


def sample(at: datetime) -> About:
    """Something to preview with where no incident was ever opened."""
    incident = Incident(
        number=214, title="출금 중단 · Withdrawals stopped", severity="P1", detected_at=at,
        status=StatusName.TRIGGERED,
    )  # fmt: skip
    policy = SeverityPolicy(
        severity="P1", name_ko="높음", name_en="High", update_every=timedelta(minutes=30)
    )
    return About(incident, [Service(name_ko="출금", name_en="Withdrawals")], policy, at)


def newest(at: datetime) -> About:
    """The newest incident, or a sample."""
    incident = Incident.objects.prefetch_related("services").order_by("-number").first()
    if incident is None:
        return sample(at)
    policy = SeverityPolicy.objects.get(severity=incident.severity)
    return About(incident, incident.services.all(), policy, at)


def _listed(services: Iterable[Service]) -> str:
    return ", ".join(service.name for service in services) or _("a service not yet known")


def _moment(at: datetime, language: str) -> str:
    return date_format(timezone.localtime(at), MOMENT[language])

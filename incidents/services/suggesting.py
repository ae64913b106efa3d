"""A severity suggested, and what people make of it. A person decides; the rule learns from that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.suggestion import Subject, suggest
from incidents.models import Incident, SuggestionMade, SuggestionRule
from incidents.services import timeline
from incidents.services.timeline import Entry
from teams.models import Service, User

ALERTS_READ: Final = 50


@dataclass(frozen=True)
class Suggested:
    severity: str
    rule: SuggestionRule
    found: tuple[str, ...]


def suggested_for(
    *,
    title: str = "",
    description: str = "",
    services: Iterable[Service] = (),
    labels: Mapping[str, str] | None = None,
) -> Suggested | None:
    rows = {row.pk: row for row in SuggestionRule.objects.select_related("service")}
    slugs = frozenset(service.slug for service in services)
    subject = Subject(f"{title}\n{description}", slugs, labels or {})
    found = suggest(subject, [row.as_rule() for row in rows.values()])
    return Suggested(found.severity, rows[found.rule], found.found) if found else None


def suggested_of(incident: Incident) -> Suggested | None:
    """As it looks now, with the labels of its alerts."""
    labels: dict[str, str] = {}
    links = incident.alert_links.order_by("alert_id")
    for carried in links.values_list("alert__labels", flat=True)[:ALERTS_READ]:
        labels = carried | labels  # the first alert says what it began as
    return suggested_for(
        title=incident.title,
        description=incident.description,
        services=incident.services.all(),
        labels=labels,
    )


def open_suggestion(incident: Incident) -> Suggested | None:
    """What a person has not decided on yet: it looks like something else than its alerts say."""
    decided = (
        incident.severity_by_person or SuggestionMade.objects.filter(incident=incident).exists()
    )
    if decided or not incident.is_open:
        return None
    found = suggested_of(incident)
    return found if found and found.severity != incident.severity else None


def keep_severity(incident: Incident, severity: str, *, by: User, at: datetime) -> None:
    """A person looked at what is suggested and stays with the severity it has."""
    with transaction.atomic():
        now = Incident.objects.select_for_update().get(pk=incident.pk)
        found = open_suggestion(now)
        if found is None or now.severity != severity:
            raise Refused(_("The severity was decided meanwhile: %(severity)s.") % vars(now))
        learn(now, severity, at=at)
        names = {"ko": found.rule.name_ko, "en": found.rule.name_en}
        data = {"severity": severity, "suggested": found.severity, "rule": names}
        timeline.append(now, Entry("severity_kept", at, by=by, data=data))


def learn(incident: Incident, decided: str, *, at: datetime) -> None:
    """A person's decision moves the rule; a later change is the last word, once.

    In the caller's transaction, which holds the incident's row.
    """
    made = SuggestionMade.objects.filter(incident=incident).first()
    if made is None:
        _first(incident, decided, at=at)
    elif not made.final:
        _last(made, decided, at=at)


def _first(incident: Incident, decided: str, *, at: datetime) -> None:
    found = suggested_of(incident)
    if found is None:
        return
    made = SuggestionMade.objects.create(
        incident=incident, rule=found.rule, found=list(found.found),
        suggested=found.severity, decided=decided, at=at,
    )  # fmt: skip
    SuggestionRule.objects.judge(
        found.rule.pk, agreed=int(made.agreed), disagreed=int(not made.agreed)
    )


def _last(made: SuggestionMade, decided: str, *, at: datetime) -> None:
    before = made.agreed
    made.decided, made.at, made.final = decided, at, True
    made.save(update_fields=["decided", "at", "final"])
    if made.rule_id and made.agreed != before:
        step = 1 if made.agreed else -1
        SuggestionRule.objects.judge(made.rule_id, agreed=step, disagreed=-step)

"""What the record itself says of an incident. What it does not say stays blank: it is asked for, never invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations
from incidents.domain.story import Show
from incidents.models import Incident
from incidents.narration import narrate
from incidents.registry import tolls
from monitoring.models import Alert
from teams.models import Service


def summaries(incident: Incident) -> dict[str, str]:
    """Of the facts only, in each language; what caused it and what it cost is for a person to say."""
    said = {}
    for language in ("ko", "en"):
        with translation.override(language):
            said[f"summary_{language}"] = _summary(incident)
    return said


def _summary(incident: Incident) -> str:
    took = (incident.resolved_at or incident.detected_at) - incident.detected_at
    services = ", ".join(service.name for service in incident.services.all())
    facts = {
        "title": incident.heading,
        "severity": incident.severity,
        "services": services or _("no service named"),
        "took": _words(took),
    }
    said = _("%(severity)s incident “%(title)s” affected %(services)s and lasted %(took)s.") % facts
    who = incident.acknowledged_by
    if incident.acknowledged_at:
        answer = incident.acknowledged_at - incident.detected_at
        said += " " + _("%(who)s answered after %(time)s.") % {
            "who": who.name if who else _("A machine"),
            "time": _words(answer),
        }
    over = incident.timeline.filter(kind="energy_response_over").order_by("seq")
    return " ".join([said, *map(narrate, over)])  # with what was paid


def _words(span: timedelta) -> str:
    return durations.words(span, language=get_language() or "ko")


def moments(incident: Incident) -> list[int]:
    """What changed the course, and what people marked as worth remembering."""
    events = incident.timeline.shown(Show.KEY, pinned=incident.pinned)
    first = incident.timeline.filter(kind="alert").order_by("seq").values_list("seq", flat=True)[:1]
    return sorted({*events.values_list("seq", flat=True), *first})


@dataclass(frozen=True)
class Affected:
    service: Service
    began_at: datetime
    ended_at: datetime | None


def affected(incident: Incident) -> Iterator[Affected]:
    """By its own alerts, where a service has some; else as long as the incident."""
    alerts = list(Alert.objects.filter(incident_link__incident=incident).order_by("started_at"))
    for service in incident.services.all():
        own = [alert for alert in alerts if alert.service == service.slug]
        if not own:
            yield Affected(
                service, incident.started_at or incident.detected_at, incident.resolved_at
            )
            continue
        ends = [alert.resolved_at for alert in own]
        known = [end for end in ends if end is not None]
        # While one of them still fires nobody knows the end: it is the incident's, or none.
        ended = max(known) if len(known) == len(ends) else incident.resolved_at
        began = own[0].started_at
        yield Affected(service, began, ended if ended is None or ended >= began else None)


def spent(incident: Incident) -> dict[str, int]:
    """As fields of a postmortem; nothing where nothing is known to have been paid."""
    known = [found for name in tolls if (found := tolls[name].spent(incident))]
    if not known:
        return {}
    return {
        "energy_spent": sum(one.energy for one in known),
        "trx_spent": sum(one.sun for one in known),
    }

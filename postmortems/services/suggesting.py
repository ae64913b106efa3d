"""Contributing factors that the record suggests: each with its source, and none is believed by itself."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.similar import similar
from monitoring.models import Alert, Change
from monitoring.queries import changes_between
from postmortems.citing import BEFORE
from postmortems.models import ActionItem, Postmortem, Suggestion
from postmortems.services.recurring import recurring

FEW: Final = 5  # of each kind: more are not read


def suggest(postmortem: Postmortem) -> None:
    """What is suggested already stays as it was decided."""
    Suggestion.objects.bulk_create(_all(postmortem), ignore_conflicts=True)


def _all(postmortem: Postmortem) -> Iterator[Suggestion]:
    incident, kind = postmortem.incident, Suggestion.Kind
    room = incident.get_absolute_url()
    alike = [one.incident for one in similar(incident)[:FEW]]
    for alert in _alerts(incident):
        say = partial(_of_alert, alert)
        yield _suggestion(postmortem, kind.ALERT, alert.pk, reverse("monitoring:alerts"), say)
    for change in _changes(incident):
        yield _suggestion(postmortem, kind.CHANGE, change.pk, room, partial(_of_change, change))
    for other in alike:
        say = partial(_of_incident, other)
        yield _suggestion(postmortem, kind.SIMILAR, other.pk, other.get_absolute_url(), say)
    for item in recurring(incident, [other.pk for other in alike])[:FEW]:
        url = item.postmortem.get_absolute_url()
        yield _suggestion(postmortem, kind.ACTION, item.pk, url, partial(_of_action, item))


def _alerts(incident: Incident) -> list[Alert]:
    """Of its services, in the day before it was detected, the gravest first."""
    before = Alert.objects.filter(
        service__in=list(incident.services.values_list("slug", flat=True)),
        started_at__gte=incident.detected_at - BEFORE,
        started_at__lt=incident.detected_at,
    )
    return list(before.order_by("severity", "-started_at")[:FEW])


def _changes(incident: Incident) -> list[Change]:
    began = incident.started_at or incident.detected_at
    return list(changes_between(began - BEFORE, began, list(incident.services.all()))[:FEW])


def _of_alert(alert: Alert) -> str:
    said = _("“%(title)s” was alerted at %(time)s, before it.")
    return said % {"title": alert.heading, "time": _time(alert.started_at)}


def _of_change(change: Change) -> str:
    said = _("“%(summary)s” was changed at %(time)s, within a day before it.")
    return said % {"summary": change.summary, "time": _time(change.happened_at)}


def _of_incident(other: Incident) -> str:
    said = _("It was like #%(number)s “%(title)s”.")
    return said % {"number": other.pk, "title": other.heading}


def _of_action(item: ActionItem) -> str:
    return _("“%(action)s” of #%(number)s is still open, due %(date)s.") % {
        "action": item.description,
        "number": item.postmortem.incident_id,
        "date": item.due_date.isoformat(),
    }


def _time(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%m-%d %H:%M}"


def _suggestion(
    postmortem: Postmortem, kind: str, ref: int, url: str, say: Callable[[], str]
) -> Suggestion:
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[f"said_{language}"] = say()[:500]
    return Suggestion(postmortem=postmortem, kind=kind, ref=ref, url=url, **said)

"""News of alerts an incident already has: graver, answered elsewhere, over."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from incidents.domain.lifecycle import Status
from incidents.models import Incident, LinkedAlert
from incidents.services import grading, responding, timeline
from incidents.services.moving import put
from incidents.services.policies import Book, read_book
from incidents.services.timeline import Entry
from monitoring.domain.alerts import KEEP_ONLY
from monitoring.models import Alert


def alerts_joined(incident: Incident, entries: Iterable[Entry], *, at: datetime) -> None:
    """More of the same trouble: a line on the timeline; a proposal to resolve falls."""
    timeline.append(incident, *entries)
    if incident.resolution_proposed_at:
        Incident.objects.filter(pk=incident.pk).update(resolution_proposed_at=None)
        timeline.append(incident, Entry("proposal_withdrawn", at))


def raise_to(
    incident: Incident, severity: str, book: Book, *, at: datetime, by: Alert | None = None
) -> None:
    """Where `by` makes it graver, it is called as that is; the caller holds its row."""
    old = incident.severity
    if severity >= old:
        return
    words = _say_what_is_gravest(incident, by) if by else {}
    if not grading.set_severity(incident, severity, book, at=at):
        return
    data = {"old": old, "new": severity, "reason": "alert"}
    timeline.append(incident, Entry("severity", at, data=data))
    if words:
        timeline.append(incident, Entry("corrected", at, data=words))
    grading.page_anew(incident, old, book, at=at)


def _say_what_is_gravest(incident: Incident, alert: Alert) -> dict[str, Any]:
    """Its words instead of those of the milder alert that came first; never instead of a person's."""
    corrected = Q(data__has_key="title") | Q(data__has_key="description")
    said = Q(kind="declared") | Q(kind="corrected") & corrected
    if incident.timeline.filter(said, actor_user__isnull=False).exists():
        return {}
    changed = _otherwise(incident, alert)
    fields = {name: getattr(alert, name) for name in ("title", "description", "translations")}
    fields |= {"runbook_url": alert.runbook} if alert.runbook else {}
    Incident.objects.filter(pk=incident.pk).update(**fields)
    put(incident, fields)
    return changed | {"added": [], "removed": []} if changed else {}


def _otherwise(incident: Incident, alert: Alert) -> dict[str, Any]:
    """What it said before and says now, of whatever is not as it was; in each language it has."""
    changed: dict[str, Any] = {
        name: [getattr(incident, name), getattr(alert, name)]
        for name in ("title", "description")
        if getattr(incident, name) != getattr(alert, name)
    }
    others = {
        language: {
            name: [
                incident.told_in(language).get(name, old),
                alert.told_in(language).get(name, new),
            ]
            for name, (old, new) in changed.items()
        }
        for language in incident.translations | alert.translations
    }
    return changed | ({"translations": others} if changed and others else {})


def follow_up(alerts: list[Alert], *, at: datetime) -> None:
    """What happened to alerts after they came: each incident is touched once."""
    links = LinkedAlert.objects.filter(alert__in=alerts).values_list("alert_id", "incident_id")
    homes = dict(links)
    changed: dict[int, list[Alert]] = {}
    for alert in alerts:
        if alert.pk in homes:
            changed.setdefault(homes[alert.pk], []).append(alert)
    stirring = {number: news for number, news in changed.items() if any(map(_has_news, news))}
    held = Incident.objects.open().select_for_update().order_by("number")
    incidents = held.in_bulk(list(stirring)) if stirring else {}
    for number, incident in incidents.items():
        _follow(incident, stirring[number], at=at)
    _raise_for_graver({n: news for n, news in changed.items() if n not in stirring}, at=at)


def _has_news(alert: Alert) -> bool:
    return bool(alert.resolved_at or alert.acknowledged_at)


def _calls(alert: Alert) -> bool:
    return alert.severity != KEEP_ONLY and not alert.muted_until


def _raise_for_graver(changed: dict[int, list[Alert]], *, at: datetime) -> None:
    """A repeat came back graver than before: the incident follows."""
    held = Incident.objects.open().select_for_update().order_by("number")
    graver = {
        number: min(filter(_calls, news), key=lambda alert: alert.severity)
        for number, news in changed.items()
        if any(alert.count > 1 and _calls(alert) for alert in news)
    }
    if not graver:
        return
    book = read_book(at=at)
    for number, incident in held.in_bulk(list(graver)).items():
        if not incident.severity_by_person:
            gravest = graver[number]
            raise_to(incident, gravest.severity, book, at=at, by=gravest)


def _follow(incident: Incident, alerts: list[Alert], *, at: datetime) -> None:
    over = [alert for alert in alerts if alert.resolved_at]
    answered = [alert for alert in alerts if _is_answered(alert, incident)]
    if answered and incident.status == Status.TRIGGERED:
        sender = answered[0].integration.name
        responding.acknowledge(incident, by=None, at=at, actor=sender)
    if over:
        ended = [alert for alert in over if not alert.has_calmed]
        timeline.append(incident, *map(_ended, ended[:20]))
        _say_flapping(incident, ended, at=at)
        _offer_the_end(incident, over, at=at)


def _is_answered(alert: Alert, incident: Incident) -> bool:
    """An answer from before a reopening is none to it, however often the alert is read again."""
    if alert.resolved_at or not alert.acknowledged_at:
        return False
    return not incident.came_back or alert.acknowledged_at >= incident.clock_since


def _ended(alert: Alert) -> Entry:
    data = alert.titled | {"alert": alert.pk, "expired": alert.expired}
    return Entry(
        "alert_resolved", alert.resolved_at or alert.last_seen_at, actor=alert.integration.name,
        data=data,
    )  # fmt: skip


def _say_flapping(incident: Incident, alerts: list[Alert], *, at: datetime) -> None:
    """Once for each incident, however long it goes on."""
    worst = max(alerts, key=lambda alert: alert.flaps, default=None)
    if not worst or not worst.flaps or incident.timeline.filter(kind="flapping").exists():
        return
    minutes = round(worst.integration.flap_window.total_seconds() / 60)
    data = worst.titled | {"alert": worst.pk, "count": worst.flaps, "minutes": minutes}
    timeline.append(incident, Entry("flapping", at, actor=worst.integration.name, data=data))


def _offer_the_end(incident: Incident, over: list[Alert], *, at: datetime) -> None:
    """All alerts are over: the incident says so, or resolves where its sender is set to."""
    firing, flapping = Q(alert__resolved_at=None), Q(alert__calm_at__isnull=False)
    if incident.alert_links.filter(firing | flapping).exists():
        return
    if all(alert.integration.auto_resolve for alert in over):
        responding.resolve(incident, by=None, at=at, actor=over[0].integration.name)
    elif incident.resolution_proposed_at is None:
        Incident.objects.filter(pk=incident.pk).update(resolution_proposed_at=at)
        timeline.append(incident, Entry("resolution_proposed", at))

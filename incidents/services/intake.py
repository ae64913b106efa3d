"""Alerts become incidents: read what is new, join or open, raise, propose the end. In batches."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from incidents.domain.intake import OpenIncident, group_of, home_of, severity_after_joining
from incidents.models import Incident, LinkedAlert
from incidents.services import news
from incidents.services.gate import close_gate
from incidents.services.opening import Draft, open_all
from incidents.services.policies import Book, read_book
from incidents.services.timeline import Entry
from monitoring import queries as monitoring
from monitoring.domain.alerts import KEEP_ONLY
from monitoring.models import Alert
from monitoring.services import direct, judge, mark_flapping, note_routes
from teams.models import Service
from teams.queries import services_named

BATCH: Final = 250


@dataclass
class Group:
    """The new alerts that belong together, and the open incident they join, if there is one."""

    key: str
    service: Service | None
    alerts: list[Alert] = field(default_factory=list)
    home: int | None = None

    @property
    def gravest(self) -> Alert:
        return min(self.alerts, key=lambda alert: alert.severity)

    @property
    def severity(self) -> str:
        return self.gravest.severity


def take_in(*, at: datetime) -> int:
    """One batch of alerts with news; how many there were. Call again until there are none."""
    with transaction.atomic():
        close_gate()
        alerts = monitoring.unread_alerts(BATCH)
        if alerts:
            mark_flapping(alerts, at=at)
            direct(alerts)
            linked = LinkedAlert.objects.filter(alert__in=alerts)
            at_home = set(linked.values_list("alert_id", flat=True))
            quiet = judge(alerts, at=at, at_home=at_home)
            _assign([alert for alert in alerts if alert.pk not in quiet | at_home], at=at)
            news.follow_up(alerts, at=at)
            note_routes(alerts)
            monitoring.mark_read(alerts)
    return len(alerts)


def is_behind() -> bool:
    """More alerts wait than one batch takes: whoever need not be at once leaves the machine to it."""
    return monitoring.more_unread_than(BATCH)


def _assign(alerts: list[Alert], *, at: datetime) -> None:
    """Give every alert that has no incident yet its home."""
    new = [alert for alert in alerts if alert.severity != KEEP_ONLY]
    if not new:
        return
    groups, book = _grouped(new, at=at), read_book(at=at)
    joining = [group for group in groups if group.home is not None]
    opening = [group for group in groups if group.home is None]
    _join(joining, book, at=at)
    opened = open_all([_draft(group, at) for group in opening], book=book) if opening else []
    homes = [(group, group.home) for group in joining if group.home is not None]
    homes += [(group, incident.pk) for group, incident in zip(opening, opened, strict=True)]
    LinkedAlert.objects.bulk_create(
        LinkedAlert(alert=alert, incident_id=home, at=at)
        for group, home in homes
        for alert in group.alerts
    )


def _grouped(alerts: list[Alert], *, at: datetime) -> list[Group]:
    services = services_named({alert.service for alert in alerts if alert.service})
    groups: dict[str, Group] = {}
    for alert in alerts:
        service = services.get(alert.service) or alert.integration.default_service
        slug, drill = service.slug if service else "", alert.integration.drill
        key = group_of(slug, alert.group, alert.team_id, drill=drill)
        groups.setdefault(key, Group(key, service)).alerts.append(alert)
    known = _open_incidents(groups)
    for group in groups.values():
        window = max(alert.integration.group_window for alert in group.alerts)
        home = home_of(group.key, at=at, open_incidents=known, window=window)
        group.home = home.number if home else None
    return list(groups.values())


def _open_incidents(groups: Collection[str]) -> dict[str, OpenIncident]:
    """The newest open incident of each group, held: nobody resolves it while an alert joins.

    A group whose incident was merged has its home there.
    """
    own = Q(group__in=list(groups))
    merged = Incident.objects.filter(own, merged_into__isnull=False).order_by("number")
    moved = dict(merged.values_list("group", "merged_into"))
    held = Incident.objects.open().filter(own | Q(pk__in=moved.values())).order_by("number")
    rows = held.select_for_update().values_list("number", "group", "last_alert_at")
    known = {number: OpenIncident(number, group, last) for number, group, last in rows if last}
    homes = {group: known[home] for group, home in moved.items() if home in known}
    return homes | {each.group: each for each in known.values() if each.group in groups}


def _join(groups: list[Group], book: Book, *, at: datetime) -> None:
    incidents = Incident.objects.in_bulk([group.home for group in groups])
    for group in groups:
        if group.home is not None:
            _join_one(incidents[group.home], group, book, at=at)


def _join_one(incident: Incident, group: Group, book: Book, *, at: datetime) -> None:
    Incident.objects.filter(pk=incident.pk).update(last_alert_at=at)
    news.alerts_joined(incident, _came(group.alerts, at), at=at)
    severity = severity_after_joining(
        incident.severity, group.severity, chosen_by_a_person=incident.severity_by_person
    )
    news.raise_to(incident, severity, book, at=at, by=group.gravest)


def _draft(group: Group, at: datetime) -> Draft:
    first, *others = sorted(group.alerts, key=lambda alert: alert.severity)
    return Draft(
        title=first.title,
        translations=first.translations,
        severity=group.severity,
        at=at,
        description=first.description,
        runbook_url=next((one.runbook for one in [first, *others] if one.runbook), ""),
        services=[group.service] if group.service else [],
        group=group.key,
        routed_to=first.team_id,
        started_at=min(alert.started_at for alert in group.alerts),
        drill=first.integration.drill,
        entries=_came(group.alerts, at),
    )


def _came(alerts: list[Alert], at: datetime) -> list[Entry]:
    """One line for each sender, however many alerts it sent: a storm must not bury the timeline."""
    senders: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        senders[alert.integration.name].append(alert)
    return [
        Entry(
            "alert",
            at,
            actor=source,
            data={
                "source": source,
                **sent[0].titled,
                "count": len(sent),
                "alerts": [alert.pk for alert in sent[:20]],
            },
        )
        for source, sent in senders.items()
    ]

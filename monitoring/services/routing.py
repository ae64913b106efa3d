"""Alerts as their routes send them. What the sender said stays in the row."""

from collections.abc import Sequence

from core.rows import save_all
from monitoring.domain.alerts import severity_of
from monitoring.domain.routing import Destination, RouteRule, route_of, sent_by
from monitoring.models import Alert, Integration, Route
from monitoring.source import first
from monitoring.sources.alertmanager import SERVICE_LABELS, SEVERITY_LABELS


def rules() -> list[RouteRule]:
    enabled = Route.objects.filter(enabled=True).select_related("service")
    return [route.rule() for route in enabled]


def direct(alerts: Sequence[Alert]) -> None:
    """Give each the service, team, severity and group of its route, until it is read again.

    Not saved: the next word of the sender is compared with what the sender said.
    """
    known = rules()
    for alert in alerts:
        labels = alert.known_labels  # of what the sender said, before the route changes it
        rule = route_of(labels, alert.integration_id, known)
        alert.route_id = rule.key if rule else None
        if rule:
            to = sent_by(rule, Destination(alert.service, alert.severity, alert.group), labels)
            alert.service, alert.severity, alert.group = to.service, to.severity, to.group
            alert.team_id = to.team


def sent(labels: dict[str, str], integration: Integration) -> Alert:
    """The alert that a sender with these labels would make, as it would go; it is not stored."""
    words = [labels[name] for name in SEVERITY_LABELS if name in labels]
    alert = Alert(
        integration=integration,
        labels=labels,
        title=labels.get("title", ""),
        group=labels.get("alertname", ""),
        service=first(labels, *SERVICE_LABELS) or "",
        severity=severity_of(words, integration.severity_map, integration.default_severity),
    )
    direct([alert])
    return alert


def note_routes(alerts: Sequence[Alert]) -> None:
    """So that a person can see why an alert went where it did."""
    if any(alert.route_id for alert in alerts):
        save_all(alerts, ["route"])

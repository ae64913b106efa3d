"""Whom not to call about: judged when alerts are read, and again when a time of quiet ends."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from core.nudge import nudge
from monitoring.domain.quiet import Facts, Rule, quiet_by
from monitoring.models import Alert, AlertQuerySet, Silence
from monitoring.services.storing import INCIDENTS_TICK, hold
from teams.models import Service
from teams.queries import services_named


def judge(alerts: Sequence[Alert], *, at: datetime) -> set[int]:
    """Which of these call nobody now; noted on each, in the caller's transaction.

    An alert that is over is judged by the moment it ended: what was quiet for all its life does
    not call afterwards.
    """
    since = min((alert.resolved_at or at for alert in alerts), default=at)
    rules = rules_since(since)
    if not rules and not any(alert.muted_until for alert in alerts):
        return set()
    changed = [
        alert
        for alert, facts in zip(alerts, facts_of(alerts, at=at), strict=True)
        if _note(alert, quiet_by(facts, rules))
    ]
    Alert.objects.bulk_update(changed, ["muted_until", "silence"])
    return {alert.pk for alert in alerts if alert.muted_until}


def rules_since(since: datetime) -> list[Rule]:
    return [silence.rule() for silence in Silence.objects.in_force_since(since)]


def facts_of(alerts: Sequence[Alert], *, at: datetime) -> list[Facts]:
    services = services_named({alert.service for alert in alerts if alert.service})
    return [
        Facts(
            at=alert.resolved_at or at,
            labels=alert.known_labels,
            integration=alert.integration_id,
            service=_service(alert, services),
            severity=alert.severity,
        )
        for alert in alerts
    ]


def _service(alert: Alert, services: dict[str, Service]) -> int | None:
    found = services.get(alert.service)
    return found.pk if found else alert.integration.default_service_id


def _note(alert: Alert, rule: Rule | None) -> bool:
    """Whether anything changed."""
    before = (alert.muted_until, alert.silence_id)
    alert.muted_until = rule.ends_at if rule else None
    if rule:
        alert.silence_id = rule.key
    return before != (alert.muted_until, alert.silence_id)


def begin_due(*, at: datetime) -> None:
    """Times of quiet that have come: the alerts that fire already are quiet from now on."""
    with transaction.atomic():
        due = Silence.objects.filter(begun=False, starts_at__lte=at)
        for silence in due.select_for_update(skip_locked=True):
            begin(silence, at=at)


def begin(silence: Silence, *, at: datetime) -> None:
    Silence.objects.filter(pk=silence.pk).update(begun=True)
    if silence.state(at) == "active":
        _cover(silence.rule(), Alert.objects.open(), at=at)


def _cover(rule: Rule, alerts: AlertQuerySet, *, at: datetime) -> None:
    """Alerts in an incident stay in it: it is open, and seen; they only call nobody any more."""
    found = fitting([rule], alerts, at=at)
    later = Alert.objects.filter(pk__in=[alert.pk for alert in found])
    held = hold(later.exclude(muted_until__gte=rule.ends_at))
    Alert.objects.filter(pk__in=list(held)).update(muted_until=rule.ends_at, silence=rule.key)


def fitting(rules: Iterable[Rule], alerts: AlertQuerySet, *, at: datetime) -> list[Alert]:
    """Those of the alerts that one of the rules covers."""
    found, rules = list(alerts.select_related("integration")), list(rules)
    facts = facts_of(found, at=at)
    return [
        alert
        for alert, fact in zip(found, facts, strict=True)
        if any(rule.covers(fact) for rule in rules)
    ]


def wake_due(*, at: datetime) -> None:
    """The quiet is over and they still fire: read again, they open incidents. Nothing stays hidden."""
    wake(Alert.objects.filter(muted_until__lte=at))


def wake(alerts: AlertQuerySet) -> None:
    with transaction.atomic():
        held = hold(alerts.filter(resolved_at=None))
        if held:
            Alert.objects.filter(pk__in=list(held)).update(unread=True, muted_until=None)
            nudge(INCIDENTS_TICK)

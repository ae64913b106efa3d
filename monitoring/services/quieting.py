"""Whom not to call about: judged when alerts are read, and again when a time of quiet ends."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from core.nudge import nudge
from core.rows import save_all
from monitoring.domain.dependence import LOOKED_AT_AGAIN
from monitoring.domain.quiet import Facts, Rule, SilenceRule, quiet_by
from monitoring.models import Alert, AlertQuerySet, MaintenanceWindow, QuietTime, Silence
from monitoring.services.depending import causes_of
from monitoring.services.routing import direct
from monitoring.services.storing import INCIDENTS_TICK, hold
from teams.models import Service
from teams.queries import dependences, services_named

QUIETED_BY: Final = ("silence", "window", "because_of")


def judge(
    alerts: Sequence[Alert], *, at: datetime, at_home: Collection[int] = frozenset()
) -> set[int]:
    """Which of these call nobody now; noted on each, in the caller's transaction.

    `at_home` are in an incident already: a silence keeps them quiet, the failure of what they
    depend on does not.

    An alert that is over is judged by the moment it ended: what was quiet for all its life does
    not call afterwards.
    """
    since = min((alert.resolved_at or at for alert in alerts), default=at)
    rules, graph = rules_since(since), dependences()
    if not rules and not graph and not any(alert.muted_until for alert in alerts):
        return set()
    known = list(zip(alerts, facts_of(alerts, at=at), strict=True))
    ruled = {alert.pk: quiet_by(facts, rules) for alert, facts in known}
    calling = [(alert, facts) for alert, facts in known if not ruled[alert.pk]]
    stayed = {alert.pk: alert.because_of_id for alert in alerts if alert.ended_quiet}
    causes = causes_of(calling, graph, at_home=at_home) | stayed
    changed = [alert for alert in alerts if _note(alert, ruled[alert.pk], causes, at=at)]
    save_all(changed, ["muted_until", *QUIETED_BY])
    return {alert.pk for alert in alerts if alert.muted_until}


def rules_since(since: datetime) -> list[Rule]:
    windows = MaintenanceWindow.objects.prefetch_related("services")
    return [
        quiet.rule()
        for times in (Silence.objects.all(), windows)
        for quiet in times.in_force_since(since)
    ]


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


def _note(
    alert: Alert, rule: Rule | None, causes: Mapping[int, int | None], *, at: datetime
) -> bool:
    """Whether anything changed. What keeps the alert quiet stays named after it ended."""
    before = (alert.muted_until, *(getattr(alert, f"{name}_id") for name in QUIETED_BY))
    cause = causes.get(alert.pk)
    alert.muted_until = rule.ends_at if rule else at + LOOKED_AT_AGAIN if cause else None
    if rule or cause:
        for name, value in _named(rule, cause).items():
            setattr(alert, name, value)
    return before != (alert.muted_until, *(getattr(alert, f"{name}_id") for name in QUIETED_BY))


def _named(rule: Rule | None, cause: int | None = None) -> dict[str, Any]:
    """What keeps the alert quiet, as its fields."""
    silenced = isinstance(rule, SilenceRule)
    return {
        "silence_id": rule.key if rule and silenced else None,
        "window_id": rule.key if rule and not silenced else None,
        "because_of_id": None if rule else cause,
    }


def begin_due(*, at: datetime) -> None:
    """Times of quiet that have come: the alerts that fire already are quiet from now on."""
    with transaction.atomic():
        for kind in (Silence, MaintenanceWindow):
            due = kind.objects.filter(begun=False, starts_at__lte=at)
            for quiet in due.select_for_update(skip_locked=True):
                begin(quiet, at=at)


def begin(quiet: QuietTime, *, at: datetime) -> None:
    type(quiet).objects.filter(pk=quiet.pk).update(begun=True)
    if quiet.state(at) == "active":
        _cover(quiet.rule(), Alert.objects.open(), at=at)


def end_early(quiet: QuietTime, *, at: datetime) -> bool:
    """End it now; False when it was over already. What still fires is read again, and calls."""
    with transaction.atomic():
        running = type(quiet).objects.filter(pk=quiet.pk, expired_at=None, ends_at__gt=at)
        if not running.update(expired_at=at):
            return False
        wake(Alert.objects.filter(**{quiet.on_alert: quiet}, muted_until__isnull=False))
    return True


def take_back(quiet: QuietTime, *, at: datetime) -> bool:
    """It had not ended after all; False when its time has passed meanwhile."""
    with transaction.atomic():
        ended = type(quiet).objects.filter(pk=quiet.pk, expired_at__isnull=False, ends_at__gt=at)
        if not ended.update(expired_at=None):
            return False
        quiet.refresh_from_db()
        begin(quiet, at=at)
    return True


def _cover(rule: Rule, alerts: AlertQuerySet, *, at: datetime) -> None:
    """Alerts in an incident stay in it: it is open, and seen; they only call nobody any more."""
    found = fitting([rule], alerts, at=at)
    later = Alert.objects.filter(pk__in=[alert.pk for alert in found])
    held = hold(later.exclude(muted_until__gte=rule.ends_at))
    Alert.objects.filter(pk__in=list(held)).update(muted_until=rule.ends_at, **_named(rule))


def fitting(rules: Iterable[Rule], alerts: AlertQuerySet, *, at: datetime) -> list[Alert]:
    """Those of the alerts that one of the rules covers."""
    found, rules = list(alerts.select_related("integration")), list(rules)
    direct(found)
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

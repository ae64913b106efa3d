"""What checks are set up, and the alerts of those that give no data."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.models import Heartbeat
from core.nudge import nudge
from monitoring.domain.alerts import Signal
from monitoring.domain.checks import State
from monitoring.models import Alert, Check, Metric
from monitoring.registry import collectors
from monitoring.services.ours import OURS, in_each_language, tell

TICK: Final = "monitoring.collect"
RULES: Final = "monitoring.apply_rules"
SETTINGS: Final = (
    "name", "collector", "settings", "host", "service", "kind", "severity", "interval", "timeout",
)  # fmt: skip
STANDSTILL: Final = timedelta(minutes=3)
PAUSE: Final = timedelta(minutes=1)
STILL: Final = "checks:standstill"
BATCH: Final = 500


def watch_checks(*, at: datetime) -> int:
    """Tell of what gives no data, and of what does again."""
    with transaction.atomic():
        rows = Check.objects.select_related("service").order_by("pk")
        locked = rows.select_for_update(skip_locked=True, of=("self",))
        gone = list(locked.gone_silent(at)[:BATCH])
        back = list(locked.come_back(at)[:BATCH])
        for changed, silent in ((gone, True), (back, False)):
            if changed:
                keys = [row.pk for row in changed]
                Check.objects.filter(pk__in=keys).update(silent=silent)
        if signals := [*map(_silent, gone), *map(_over, back), *_standstill(at)]:
            tell(signals, at=at)
    return len(signals)


def _standstill(at: datetime) -> list[Signal]:
    """No check is run at all: that is one trouble of ours, and no fault of what they read."""
    told = Alert.objects.open().filter(integration__source=OURS, key=STILL).exists()
    if Heartbeat.objects.fresh(TICK, at=at, within=STANDSTILL):
        return [Signal(key=STILL, title="", resolved=True)] if told else []
    if not Heartbeat.objects.fresh("monitoring", at=at, within=PAUSE):
        Heartbeat.objects.beat(TICK)  # we were away ourselves: it has its time from now on
        return []
    return [_still()] if not told and Check.objects.filter(enabled=True).exists() else []


def keep_check(check: Check, *, at: datetime) -> Check:
    """What a person set; it is run at once, and its silence is counted from now."""
    check.since = check.due_at = at
    if check.pk is None:
        check.state = State.NEW
        check.save()
    else:
        with transaction.atomic():
            old = Check.objects.select_for_update().get(pk=check.pk)
            _follow(old, check, at)
            check.save(update_fields=[*SETTINGS, "since", "due_at"])
    nudge(TICK)
    return check


def _follow(old: Check, new: Check, at: datetime) -> None:
    """What it measured is of the kind that is said now; by another name it measures something else."""
    if old.kind != new.kind:
        Metric.objects.of_check(old.name).update(kind=new.kind)
    if (old.name, old.host, old.collector) != (new.name, new.host, new.collector):
        _retire(old, at)


def _retire(check: Check, at: datetime) -> None:
    """Its silence from now on is no news; where somebody else reads the same host, that goes on."""
    Metric.objects.of_check(check.name).retire(at=at)
    collector = collectors.get(check.collector)
    if check.host and collector and collector.of_host:
        hosts = Metric.objects.of_host(check.host).exclude(labels__has_key="check")
        hosts.retire(at=at)


def pause_check(check: Check, *, on: bool, at: datetime) -> None:
    Check.objects.filter(pk=check.pk).update(enabled=not on, since=at, due_at=at)
    nudge(TICK)


def remove_check(check: Check, *, at: datetime) -> None:
    """It is not run any more, and its open alerts are over; what it measured stays."""
    with transaction.atomic():
        held = Check.objects.select_for_update().get(pk=check.pk)
        if held.silent:
            tell([_over(held)], at=at)
        _retire(held, at)
        held.delete()
    nudge(RULES)


@in_each_language
def _silent(row: Check) -> Signal:
    return Signal(
        key=_key(row),
        title=_("No data from %(name)s") % {"name": row.name},
        description=row.last_error,
        severities=[row.severity],
        service=row.service.slug if row.service else "",
        group=_key(row),
        labels={"alertname": "no_data", "check": row.name, "kind": row.kind}
        | ({"host": row.host} if row.host else {}),
        started_at=row.last_ok_at or row.since,
        url=f"{settings.BASE_URL}{row.get_absolute_url()}",
    )


def _over(row: Check) -> Signal:
    return Signal(key=_key(row), title=row.name, resolved=True)


@in_each_language
def _still() -> Signal:
    return Signal(
        key=STILL,
        title=_("Nothing is being measured"),
        description=_("The checks are not run: is the worker of the queue sight alive?"),
        severities=["P1"],
        labels={"alertname": "standstill"},
        url=f"{settings.BASE_URL}/monitoring/checks/",
    )


def _key(row: Check) -> str:
    return f"check:{row.pk}"

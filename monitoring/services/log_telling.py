"""Findings, and logs that cannot be read or are far behind, as alerts of ours."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.severity import Severity
from monitoring.domain.alerts import Signal
from monitoring.models import LogFinding, LogSource
from monitoring.services.ours import in_each_language

BEHIND: Final = 60.0  # seconds that last
CAUGHT_UP: Final = 10.0
UNREADABLE: Final = timedelta(minutes=5)  # a service that starts may not have its log yet
SHORT: Final = 120
WATCH: Final = "log-watch"


@in_each_language
def signal_of(finding: LogFinding, source: LogSource) -> Signal:
    if finding.over_at:
        return Signal(key=finding.key, title=str(finding), resolved=True)
    service = (finding.pattern.service if finding.pattern else None) or source.service
    name = finding.pattern.name if finding.pattern else _("New kind of error")
    first = finding.line.split("\n", 1)[0]
    return Signal(
        key=finding.key,
        title=f"{name}: {Truncator(first).chars(SHORT)}",
        description="\n".join([*finding.before, f"▶ {finding.line}", *finding.after]),
        severities=[finding.severity],
        service=service.slug if service else "",
        group=finding.key,
        labels={"alertname": "log", "log": source.name, "pattern": name},
        started_at=finding.at,
        url=f"{settings.BASE_URL}{finding.get_absolute_url()}",
    )


def state_signals(source: LogSource, *, at: datetime) -> list[Signal]:
    """The log's own alert, begun or over; notes on the row which."""
    unreadable = bool(source.trouble_since and at - source.trouble_since >= UNREADABLE)
    bound = CAUGHT_UP if source.told else BEHIND
    if source.enabled and (unreadable or source.lag_seconds >= bound):
        if source.told:
            return []
        source.told = True
        return [_wrong(source, unreadable=unreadable)]
    if not source.told:
        return []
    source.told = False
    return [over(source)]


def over(source: LogSource) -> Signal:
    return Signal(key=_key(source), title=source.name, resolved=True)


@in_each_language
def watch_signal(*, stopped: bool) -> Signal:
    """Of the watcher itself."""
    return Signal(
        key=WATCH,
        title=_("No log is followed: the watcher does not run"),
        resolved=not stopped,
        description=_("manage.py up runs it; by itself it is manage.py watch_logs."),
        severities=[Severity.P1.name],
        group=WATCH,
        labels={"alertname": "log-watch"},
        url=f"{settings.BASE_URL}{reverse('monitoring:logs')}",
    )


@in_each_language
def _wrong(source: LogSource, *, unreadable: bool) -> Signal:
    title = (
        _("The log %(name)s cannot be read") if unreadable
        else _("The log %(name)s is written faster than it is read")
    )  # fmt: skip
    return Signal(
        key=_key(source),
        title=title % {"name": source.name},
        description=source.trouble.partition("|")[2],
        severities=[Severity.P2.name],
        service=source.service.slug if source.service else "",
        group=_key(source),
        labels={"alertname": "log-watch", "log": source.name},
        url=f"{settings.BASE_URL}{source.get_absolute_url()}",
    )


def _key(source: LogSource) -> str:
    return f"log-source:{source.pk}"

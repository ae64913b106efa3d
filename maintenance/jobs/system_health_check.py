"""Whether all that watches and pages is well: its own parts, and each thing that is read."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.readiness import readiness
from maintenance.domain.periods import Frequency
from maintenance.job import Figure, Finding, Job, Level, Outcome
from maintenance.registry import jobs
from monitoring.domain.checks import State
from monitoring.domain.heartbeats import State as BeatState
from monitoring.models import Check, HeartbeatMonitor, LogSource
from monitoring.screens.logs import TROUBLES


@jobs.register("system_health_check")
class SystemHealthCheck(Job):
    title = _("System health check")
    purpose = _(
        "Asks whether every part of the portal runs, and whether all that is read gives data."
    )
    frequency = Frequency.DAILY
    figures = {
        "wrong": Figure(_("not well")),
        "watched": Figure(_("watched")),
    }
    words = {
        "all_well": _("All %(count)d that are watched are well."),
        "part_down": _("The portal's %(part)s is down."),
        "check_silent": _("The check %(name)s gives no data: %(error)s"),
        "silent_since": _("The check %(name)s has given no data since %(since)s: %(error)s"),
        "check_new": _("The check %(name)s has never run."),
        "job_down": _("The job %(name)s is late or failed."),
        "log_trouble": _("The log %(name)s cannot be read: %(error)s"),
        "log_unread": _("The log %(name)s has not been read since %(since)s: %(trouble)s%(about)s"),
    }
    spoken = {
        "part": {
            "database": _("database"),
            "broker": pgettext_lazy("part of the portal", "broker"),
            "worker": pgettext_lazy("part of the portal", "worker"),
            "beat": pgettext_lazy("part of the portal", "beat"),
            "monitoring": pgettext_lazy("part of the portal", "monitoring"),
        },
        "trouble": TROUBLES,
    }

    def run(self, *, at: datetime) -> Outcome:
        parts = readiness()
        looked = [*_parts(parts), *_checks(at), *_heartbeats(at), *_logs()]
        found = [finding for finding in looked if finding]
        wrong = sum(finding.level is Level.BAD for finding in found)
        if not found:
            found = [Finding("all_well", {"count": len(looked)})]
        figures = {"wrong": wrong, "watched": len(looked)}
        return Outcome(found, figures, {"parts": parts})


def _parts(parts: dict[str, bool]) -> Iterator[Finding | None]:
    for part, fine in parts.items():
        yield None if fine else Finding("part_down", {"part": part}, Level.BAD)


def _checks(at: datetime) -> Iterator[Finding | None]:
    for check in Check.objects.filter(enabled=True):
        if check.state == State.NEW:
            yield Finding("check_new", {"name": check.name}, Level.NOTE)
        elif check.silent_at <= at:
            since = _moment(check.last_ok_at or check.since)
            facts = {"name": check.name, "error": check.last_error, "since": since}
            yield Finding("silent_since", facts, Level.BAD)
        else:
            yield None


def _heartbeats(at: datetime) -> Iterator[Finding | None]:
    for monitor in HeartbeatMonitor.objects.filter(paused=False):
        down = monitor.state(at) is BeatState.DOWN
        yield Finding("job_down", {"name": monitor.name}, Level.BAD) if down else None


def _logs() -> Iterator[Finding | None]:
    for log in LogSource.objects.filter(enabled=True):
        word, _bar, about = log.trouble.partition("|")
        facts = {
            "name": log.name,
            "trouble": word,
            "about": f" ({about})" if about else "",
            "since": _moment(log.trouble_since or log.changed_at),
        }
        yield Finding("log_unread", facts, Level.BAD) if log.trouble else None


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"

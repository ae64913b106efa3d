from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from incidents.domain import clocks
from incidents.domain.lifecycle import Status
from incidents.models import Incident


@dataclass(frozen=True)
class Clock:
    label: str
    due: datetime
    seconds_left: int
    fraction: int
    overdue: bool
    urgent: bool
    warn: datetime | None = None
    met: bool | None = None  # None while it runs
    number: int = 0
    severity: str = ""


def response_clock(incident: Incident, *, at: datetime) -> Clock:
    stopped = incident.acknowledged_at
    clock = _clock(
        incident, _("respond within"), incident.response_since, incident.respond_by,
        incident.response_warn_at, stopped, at=at,
    )  # fmt: skip
    return replace(clock, met=False) if stopped and incident.response_breached else clock


def resolution_clock(incident: Incident, *, at: datetime) -> Clock:
    return _clock(
        incident,
        _("resolve within"),
        incident.clock_since,
        incident.resolve_by,
        incident.resolution_warn_at,
        incident.resolved_at,
        at=at,
    )


def clock_that_matters(incident: Incident, *, at: datetime) -> Clock | None:
    """Until somebody answers it is the response, from then on the resolution."""
    if incident.status == Status.RESOLVED:
        return None
    if incident.status == Status.TRIGGERED:
        return response_clock(incident, at=at)
    return resolution_clock(incident, at=at)


def _clock(
    incident: Incident,
    label: str,
    started: datetime,
    due: datetime,
    warn: datetime | None,
    stopped: datetime | None,
    *,
    at: datetime,
) -> Clock:
    reading = clocks.read(started=started, due=due, at=at, warn=warn)
    met = None if stopped is None else stopped <= due
    return Clock(
        label, due, reading.seconds_left, reading.fraction, reading.overdue, reading.urgent, warn,
        met, incident.number, incident.severity,
    )  # fmt: skip

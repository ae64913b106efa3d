"""A screen on the wall: what is open, what is not well, and who is on call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from incidents.models import Incident
from incidents.screens.clock import Clock, clock_that_matters
from incidents.screens.overview import version as incidents_version
from monitoring.screens import overview as lights
from teams.oncall import Roster, rosters_at

SHOWN: Final = 5
LIGHTS: Final = 8
ROTATIONS: Final = 4


@dataclass(frozen=True)
class Fire:
    number: int
    title: str
    severity: str
    status: str
    status_name: str
    who: str
    clock: Clock | None


@dataclass(frozen=True)
class OnCall:
    rotation: str
    name: str
    until: datetime | None


def version(*, at: datetime) -> str:
    return f"{incidents_version()}_{lights.version(at=at)}"


def tv(*, at: datetime) -> dict[str, Any]:
    standing = Incident.objects.for_list().open().order_by("severity", "-number")
    fires = list(standing[: SHOWN + 1])
    seen = lights.overview(at=at)
    watched: list[lights.Line] = seen["lines"]
    return seen | {
        "fires": [_fire(incident, at) for incident in fires[:SHOWN]],
        "more": max(0, standing.count() - SHOWN) if len(fires) > SHOWN else 0,
        "lines": watched[:LIGHTS],
        "calm": max(0, len(watched) - LIGHTS),
        "on_call": [_now(roster, at) for roster in _rosters(at)],
        "gravest": fires[0].severity if fires else "",
        "version": version(at=at),
    }


def _rosters(at: datetime) -> Sequence[Roster]:
    return rosters_at(at)[:ROTATIONS]


def _now(roster: Roster, at: datetime) -> OnCall:
    now, _next = roster.now_and_next(at)
    name = now.person.name if now else ""
    return OnCall(roster.rotation.name, name, now.end if now and not now.goes_on else None)


def _fire(incident: Incident, at: datetime) -> Fire:
    leads = incident.commander or incident.acknowledged_by
    return Fire(
        incident.number, incident.heading, incident.severity, incident.status,
        incident.status_name, leads.name if leads else "",
        clock_that_matters(incident, at=at),
    )  # fmt: skip

"""From alerts to incidents: which incident an alert belongs to, or that it is kept without one."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class OpenIncident:
    number: int
    group: str
    last_alert_at: datetime


def group_of(service: str, key: str, team: int | None = None, *, drill: bool = False) -> str:
    """Alerts for different teams never share an incident: one of them would not hear of its own.

    Nor do a drill's and real ones: a slug has no colon.
    """
    return ("drill:" if drill else "") + f"{service}\n{key}" + (f"\n{team}" if team else "")


def home_of(
    group: str, *, at: datetime, open_incidents: dict[str, OpenIncident], window: timedelta
) -> OpenIncident | None:
    """The open incident the alert joins: the same group, and heard from within the window."""
    candidate = open_incidents.get(group)
    if candidate and at - candidate.last_alert_at <= window:
        return candidate
    return None


def severity_after_joining(current: str, alert: str, *, chosen_by_a_person: bool) -> str:
    """A graver alert raises the incident, but never over a person's decision."""
    return current if chosen_by_a_person else min(current, alert)

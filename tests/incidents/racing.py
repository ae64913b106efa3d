"""What racing processes do: each loads, calls one service and answers, as the doors do."""

from datetime import datetime

from incidents import services
from incidents.models import EscalationPolicy, Incident
from incidents.services import stakeholders
from incidents.services.publishing import apply_to_running
from monitoring.domain.alerts import Signal
from monitoring.models import Integration
from monitoring.services import store
from notifications.models import Lane
from notifications.outbox import send_one
from teams.models import User


def acknowledge(number: int, who: str, at: datetime) -> None:
    services.acknowledge(Incident.objects.get(pk=number), by=_person(who), at=at)


def resolve(number: int, who: str, at: datetime) -> None:
    services.resolve(Incident.objects.get(pk=number), by=_person(who), at=at)


def merge(number: int, into: int, who: str, at: datetime) -> None:
    duplicate, home = Incident.objects.get(pk=number), Incident.objects.get(pk=into)
    services.merge(duplicate, into=home, by=_person(who), at=at)


def escalate(at: datetime) -> int:
    return services.escalate_due(at=at)


def call_next(at: datetime) -> int:
    return services.call_next(at=at)


def apply(policy: int, who: str, at: datetime) -> int:
    chosen = EscalationPolicy.objects.select_related("current").get(pk=policy)
    return apply_to_running(chosen, by=_person(who), at=at)


def call_next_now(number: int, seen: int, who: str, at: datetime) -> None:
    incident = Incident.objects.get(pk=number)
    services.call_next_now(incident, by=_person(who), at=at, seen=seen)


def call_in(number: int, whom: str, who: str, at: datetime) -> None:
    incident = Incident.objects.get(pk=number)
    services.call_in(incident, _person(whom), by=_person(who), at=at)


def decline(number: int, who: str, at: datetime) -> None:
    services.decline(Incident.objects.get(pk=number), by=_person(who), at=at)


def alert(key: str, group: str, severity: str, at: datetime) -> int:
    """It arrives, and is read."""
    said = Signal(key=key, title="t", severities=[severity], group=group)
    store(Integration.objects.get(name="probe"), b"{}", [said], at=at)
    return services.take_in(at=at)


def storm(at: datetime) -> int:
    """Four incidents open, and management is to hear of each."""
    by = _person("cto")
    for _ in range(4):
        services.declare("t", severity="P1", by=by, at=at)
    return stakeholders.draft_due(at=at)


def send_mail() -> bool:
    """To a mail server that is away: what was not withdrawn meanwhile is to be sent again."""
    return send_one("email", [Lane.PAGE])


def _person(username: str) -> User:
    return User.objects.get(username=username)

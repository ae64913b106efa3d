from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock
from incidents import services
from incidents.models import Incident
from monitoring.domain.alerts import Signal
from monitoring.models import Integration
from monitoring.services import add_integration, store
from notifications.models import Delivery, Lane
from teams.models import Service, User
from teams.services import new_api_token
from tests.incidents.messaging import tell

START = datetime.fromisoformat("2026-11-23T03:00:00+00:00")

INCIDENTS = "/api/v1/incidents/"


def post(api: Client, path: str, **body: Any) -> Any:
    return api.post(f"{INCIDENTS}{path}", body, content_type="application/json")


def after(**span: float) -> datetime:
    """A moment after the incident began."""
    return START + timedelta(**span)


def kinds(incident: Incident) -> list[str]:
    """What the timeline tells, in order."""
    return list(incident.timeline.order_by("seq").values_list("kind", flat=True))


def last_event(incident: Incident, kind: str) -> Any:
    return incident.timeline.filter(kind=kind).latest("seq")


def pages(incident: Incident, **query: Any) -> set[tuple[str, str]]:
    """(who, by which channel), of all pages about this incident."""
    rows = Delivery.objects.about(incident.topic).filter(**{"lane": Lane.PAGE} | query)
    return set(rows.values_list("recipient__username", "channel"))


def person(username: str) -> User:
    return User.objects.get(username=username)


@pytest.fixture
def integration(seeded: None) -> Integration:
    return add_integration("generic", name="probe")[0]


@pytest.fixture
def fire(integration: Integration) -> Callable[..., Incident | None]:
    """Sends one alert and lets it be taken in; the newest incident, if there is one."""

    def send(key: str = "k1", *, at: datetime = START, **said: Any) -> Incident | None:
        usual = {"title": "출금 중단", "severities": ["critical"], "service": "withdrawals"}
        store(integration, b"{}", [Signal(key=key, **(usual | said))], at=at)
        while services.take_in(at=at):
            pass
        return Incident.objects.order_by("-number").first()

    return send


@pytest.fixture
def declare(commander: User) -> Callable[..., Incident]:
    def say(severity: str = "P1", *, at: datetime = START, **said: Any) -> Incident:
        return services.declare("출금 지연", severity=severity, by=commander, at=at, **said)

    return say


@pytest.fixture
def felt(declare: Callable[..., Incident]) -> Callable[..., Incident]:
    """Opens an incident that customers feel, and lets the stakeholder rules be asked."""

    def open_(
        severity: str = "P1", affected: Sequence[str] = ("withdrawals",), *, at: datetime = START
    ) -> Incident:
        found = list(Service.objects.filter(slug__in=affected))
        incident = declare(severity, services=found, at=at)
        tell(at)
        incident.refresh_from_db()
        return incident

    return open_


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def api(commander: User) -> Client:
    token = new_api_token(commander, name="test", scope="write")
    return Client(headers={"authorization": f"Token {token}"})


@pytest.fixture
def three(declare: Callable[..., Incident], commander: User) -> list[Incident]:
    """One open, one answered, one over."""
    made = [declare("P0"), declare("P2"), declare("P3")]
    for incident, title in zip(made, ["출금 중단", "입금 지연", "API 느림"], strict=True):
        Incident.objects.filter(pk=incident.pk).update(title=title)
        incident.refresh_from_db()
    made[0].services.add(Service.objects.get(slug="withdrawals"))
    services.acknowledge(made[1], by=commander, at=after(minutes=1))
    services.resolve(made[2], by=commander, at=after(minutes=1))
    return made

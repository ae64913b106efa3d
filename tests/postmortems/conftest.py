from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents import services
from incidents.models import Incident
from postmortems.models import Postmortem
from postmortems.services import draft
from teams.models import Service, User

START = datetime.fromisoformat("2026-11-23T03:00:00+00:00")


def after(**span: float) -> datetime:
    return START + timedelta(**span)


@pytest.fixture
def resolved(commander: User) -> Callable[..., Incident]:
    """An incident that was answered after four minutes and over after fifty."""

    def make(severity: str = "P1", **said: Any) -> Incident:
        found = list(Service.objects.filter(slug="withdrawals"))
        incident = services.declare(
            "출금 지연", severity=severity, by=commander, at=START, services=found, **said
        )
        services.acknowledge(incident, by=commander, at=after(minutes=4))
        services.resolve(incident, by=commander, at=after(minutes=50))
        return incident

    return make


@pytest.fixture
def postmortem(resolved: Callable[..., Incident], commander: User) -> Postmortem:
    made = draft(resolved(), by=commander, at=after(hours=1))
    made.refresh_from_db()
    return made

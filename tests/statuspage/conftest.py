from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from incidents import services as incidents
from incidents.models import Incident
from statuspage.models import Page
from teams.models import Service, User
from tests.statuspage.scene import START, page_of_three


@pytest.fixture
def page(seeded: None) -> Page:
    """Withdrawals and deposits in a group, the API by itself."""
    return page_of_three()


@pytest.fixture
def trouble(page: Page, commander: User) -> Callable[..., Incident]:
    """An incident of these services."""

    def open_(severity: str = "P1", *slugs: str, at: datetime = START, **said: Any) -> Incident:
        found = Service.objects.filter(slug__in=slugs or ["withdrawals"])
        return incidents.declare(
            "출금 지연", severity=severity, by=commander, at=at, services=list(found), **said
        )

    return open_

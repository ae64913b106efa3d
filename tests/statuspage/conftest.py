from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from incidents import services as incidents
from incidents.models import Incident
from statuspage.models import Component, Group, Page
from teams.models import Service, User

START = datetime.fromisoformat("2026-11-23T03:00:00+00:00")


@pytest.fixture
def page(seeded: None) -> Page:
    """Withdrawals and deposits in a group, the API by itself."""
    Group.objects.all().delete()
    Component.objects.all().delete()
    Page.objects.all().delete()
    page = Page.objects.create(
        pk=1, name_ko="단타로", name_en="dantaro", url="https://status.example"
    )
    money = Group.objects.create(name_ko="출금과 입금", name_en="Money", position=1)
    for place, (slug, ko, en, group) in enumerate(
        [
            ("withdrawals", "TRC-20 출금", "Withdrawals", money),
            ("deposits", "입금", "Deposits", money),
            ("api", "공개 API", "Public API", None),
        ]
    ):
        made = Component.objects.create(
            name_ko=ko, name_en=en, group=group, position=place, since=date(2026, 9, 1)
        )
        made.services.add(Service.objects.get(slug=slug))
    return page


@pytest.fixture
def trouble(page: Page, commander: User) -> Callable[..., Incident]:
    """An incident of these services."""

    def open_(severity: str = "P1", *slugs: str, at: datetime = START, **said: Any) -> Incident:
        found = Service.objects.filter(slug__in=slugs or ["withdrawals"])
        return incidents.declare(
            "출금 지연", severity=severity, by=commander, at=at, services=list(found), **said
        )

    return open_


def component(english: str) -> Component:
    return Component.objects.get(name_en=english)

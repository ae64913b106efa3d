"""The page of figures as people see it, and the way from a figure to what is behind it."""

from datetime import timedelta

import pytest

from core import clock
from incidents import services
from incidents.models import Incident
from teams.models import Service, User
from tests.browser.conftest import keep
from tests.browser.test_room import signed_in  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser


@pytest.fixture
def past(incident: Incident) -> None:
    """Two months, with incidents that took longer and longer."""
    commander = User.objects.get(username="commander")
    shown = list(Service.objects.filter(slug__in=["withdrawals", "deposits"]))
    for n in range(40):
        at = clock.now() - timedelta(days=58 - 1.4 * n, hours=n * 5 % 24)
        made = services.declare(
            f"출금 지연 {n}", severity=f"P{n % 4}", by=commander, at=at, services=shown[n % 2 :]
        )
        services.acknowledge(made, by=commander, at=at + timedelta(minutes=3 + n % 7))
        services.mitigate(made, by=commander, at=at + timedelta(minutes=20 + n))
        services.resolve(made, by=commander, at=at + timedelta(minutes=30 + 2 * n))
    assert Incident.objects.count() == 41


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_figures_lead_to_the_incidents_behind_them(signed_in, past, request):  # noqa: F811
    page = signed_in
    page.goto("/figures/")
    keep(page, request, "figures")
    assert fits(page)

    page.locator(".tile").nth(3).click()
    page.wait_for_url("**/figures/incidents/**")
    keep(page, request, "figures-behind")
    assert page.locator("tbody tr").count() > 10
    assert fits(page)

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from energy.domain.measuring import measure
from energy.models import Role, Wallet
from energy.services import watch
from tests.browser.conftest import keep
from tests.browser.test_sight import no_wider_than_the_screen
from tests.energy.test_pages import history
from tests.energy.wallets import OTHER, hot, saying, seen

pytestmark = pytest.mark.browser


@pytest.fixture
def signed_in(page: Page, transactional_db: None, seeded: None) -> Page:
    Wallet.objects.all().delete()  # those of the sandbox
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/incidents/")
    return page


def test_the_energy_page_says_how_long_it_lasts(
    signed_in: Page, request: pytest.FixtureRequest
) -> None:
    page = signed_in
    page.goto("/energy/")
    keep(page, request, "energy-empty")
    wallet = hot(name="핫월렛 1")
    hot(name="금고", address=OTHER, role=Role.TREASURY)
    history(wallet, hours=5, an_hour=1_400_000)

    page.get_by_role("link", name="에너지", exact=True).click()

    expect(page.locator("h1")).to_contain_text("바닥나요")
    expect(page.locator(".gauge .huge")).to_contain_text("22.0")
    no_wider_than_the_screen(page)
    keep(page, request, "energy")
    page.screenshot(
        path=f"var/screens/energy-full-{request.node.callspec.params['page']}.png", full_page=True
    )
    page.get_by_role("link", name="핫월렛 1").click()
    expect(page.locator("#readings")).to_be_visible()
    at = clock.now() + timedelta(seconds=30)
    Wallet.objects.update(due_at=at)
    watch(at=at, look=saying(measure(seen(0.6, at), at=at)))
    expect(page.locator(".gauge .huge")).to_contain_text("0.6", timeout=15_000)
    no_wider_than_the_screen(page)
    page.screenshot(
        path=f"var/screens/energy-critical-{request.node.callspec.params['page']}.png",
        full_page=True,
    )

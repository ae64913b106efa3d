"""Each kind of check has a form that can be read on a phone, in both languages."""

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Incident
from monitoring.registry import collectors
from tests.browser.conftest import SCREENS

pytestmark = pytest.mark.browser


def test_every_form_fits_the_screen(
    page: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    SCREENS.mkdir(parents=True, exist_ok=True)
    for name in collectors:
        page.goto(f"/monitoring/checks/new/?collector={name}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        which = request.node.callspec.params["page"]
        page.screenshot(path=SCREENS / f"check-form-{name}-{which}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

"""What happens under a page that stays open: the first fire, a session that ends."""

import pytest
from playwright.sync_api import Page, expect

from core import clock
from incidents import services
from incidents.models import Incident
from teams.models import User
from tests.browser.conftest import keep
from tests.browser.test_room import signed_in

pytestmark = pytest.mark.browser
__all__ = ["signed_in"]


@pytest.mark.parametrize("page", ["phone-dark"], indirect=True)
def test_the_first_fire_shows_on_a_page_that_was_open_before(
    page: Page, transactional_db: None, seeded: None
) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    expect(page.locator(".empty")).to_be_visible()

    who = User.objects.get(username="commander")
    services.declare("출금이 멈췄어요", severity="P0", by=who, at=clock.now())

    expect(page.locator(".row.open")).to_contain_text("출금이 멈췄어요", timeout=15_000)
    expect(page.locator("#filters")).to_be_visible()


@pytest.mark.parametrize("page", ["phone-dark"], indirect=True)
def test_who_was_signed_out_in_the_room_is_back_in_it_and_presses_once_more(
    signed_in: Page, incident: Incident
) -> None:
    page = signed_in
    page.goto(incident.get_absolute_url())
    [session] = [one for one in page.context.cookies() if "session" in one["name"]]
    page.context.clear_cookies(name=session["name"])

    page.locator("#act").click()
    expect(page.locator(".messages")).to_contain_text("한 번 더 눌러 주세요")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")

    page.wait_for_url(f"**{incident.get_absolute_url()}")
    incident.refresh_from_db()
    assert incident.status == "triggered"
    page.locator("#act").click()
    expect(page.locator("#head")).to_contain_text("완화 처리")


@pytest.mark.parametrize("page", ["phone-dark"], indirect=True)
def test_the_pages_of_a_shift_and_of_the_morning_after_fit_a_phone(
    signed_in: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    page, who = signed_in, User.objects.get(username="commander")
    services.resolve(incident, by=who, at=clock.now())
    for path in (f"{incident.get_absolute_url()}postmortem/", "/on-call/", "/postmortems/"):
        page.goto(path)
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, path
    keep(page, request, "morning-after")


@pytest.mark.parametrize("page", ["phone-dark"], indirect=True)
def test_what_the_desk_has_in_its_bar_the_phone_has_in_its_menu(signed_in: Page) -> None:
    page = signed_in
    hidden = page.locator(".tabs a.only-desk").evaluate_all("all => all.map(a => a.pathname)")
    page.get_by_role("button", name="내 메뉴").tap()
    shown = page.locator("#menu a:visible").evaluate_all("all => all.map(a => a.pathname)")

    assert set(hidden) <= set(shown)

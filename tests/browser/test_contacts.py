"""My contacts on a phone and on a desk: a way is added, a code is asked for, and wrong digits are said."""

import pytest
from playwright.sync_api import Page, expect

from core import clock
from incidents.models import Incident
from teams.contacts import ContactCode
from teams.models import ContactMethod, User
from tests.browser.conftest import keep
from tests.browser.test_room import signed_in  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser


def test_a_way_is_added_and_verified(
    signed_in: Page,  # noqa: F811
    incident: Incident,
    request: pytest.FixtureRequest,
) -> None:
    who, page = User.objects.get(username="commander"), signed_in
    ContactMethod.objects.create(user=who, channel="email", address="c@company.com")
    ContactMethod.objects.create(
        user=who, channel="slack", address="U0COMMANDER", verified_at=clock.now()
    )
    page.goto("/me/contacts/")
    page.get_by_label("채널").select_option("sms")
    page.get_by_label("주소").fill("+82 10-5555-6666")
    page.get_by_role("button", name="추가", exact=True).click()
    row = page.locator(".contacts li", has_text="+821055556666")
    row.get_by_role("button", name="코드 받기").click()
    expect(row.get_by_label("받은 숫자 여섯 자리")).to_be_visible()
    keep(page, request, "contacts")

    row.get_by_label("받은 숫자 여섯 자리").fill(ContactCode.objects.get().digits)
    row.get_by_role("button", name="확인", exact=True).click()
    expect(row).to_contain_text("확인됨")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

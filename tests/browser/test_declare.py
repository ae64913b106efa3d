"""Writing what is broken: the severity is suggested beside the choice, and one tap takes it."""

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Incident
from tests.browser.conftest import keep
from tests.browser.test_room import signed_in

pytestmark = pytest.mark.browser
__all__ = ["signed_in"]


def test_a_suggestion_comes_while_one_writes_and_one_tap_takes_it(
    signed_in: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    page = signed_in
    page.goto("/incidents/declare/")
    before = page.locator("#level-P0").bounding_box()
    page.get_by_label("무엇이").fill("출금이 멈췄어요")

    box = page.locator(".suggested")
    expect(box).to_contain_text("출금 기능 중단")
    expect(box).to_contain_text("멈췄")
    assert page.locator("#level-P0").bounding_box()["y"] - before["y"] < 20  # nothing jumps away
    box.get_by_text("P1 선택").click()
    keep(page, request, "declare")
    expect(page.locator("#level-P1")).to_be_checked()

    page.get_by_role("button", name="선언").click()
    expect(page.locator("h1")).to_contain_text("출금이 멈췄어요")
    assert Incident.objects.latest("number").suggestion.agreed

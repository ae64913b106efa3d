"""A checklist on a phone and on a desk: item by item, nothing typed elsewhere lost, signed by a second person."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core import clock
from maintenance.models import Round
from maintenance.services import answering
from teams.models import User
from tests.browser.test_actions import whole
from tests.browser.test_runs import sign_in
from tests.maintenance.rounds import begun

pytestmark = pytest.mark.browser


@pytest.fixture
def round_(transactional_db: None, incident: Any) -> Round:
    row = begun(items=3)
    by = User.objects.get(username="dev1")
    first = row.answers.all()[0]
    answering.answer(
        first, "finding", note="노드가 한 대뿐이에요", link="", seen=0, by=by, at=clock.now()
    )
    return row


def test_an_item_is_saved_alone_and_the_last_one_opens_the_signature(
    page: Page, request: pytest.FixtureRequest, round_: Round
) -> None:
    sign_in(page, "commander")
    page.goto(round_.get_absolute_url())
    _first, second, third = page.locator(".check-item").all()
    third.locator("textarea").fill("아직 저장하지 않은 메모")

    second.get_by_label("이상 없음").check()
    second.get_by_role("button", name="저장").click()

    expect(page.locator("#gauge")).to_contain_text("2 / 3")
    expect(third.locator("textarea")).to_have_value("아직 저장하지 않은 메모")
    third.get_by_label("해당 없음").check()
    third.get_by_role("button", name="저장").click()
    expect(page.locator("#gauge")).to_contain_text("3 / 3")
    whole(page, request, "checklist")

    page.get_by_role("button", name="서명").click()
    expect(page.locator(".lead")).to_contain_text("서명함")
    expect(page.locator("textarea")).to_have_count(0)

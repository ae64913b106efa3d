"""Five whys on a call: two people, two browsers, one tree."""

import pytest
from playwright.sync_api import Page, expect

from core import clock
from incidents import services
from incidents.models import Incident
from postmortems.models import Postmortem, Why
from postmortems.services import draft
from teams.models import User
from tests.browser.conftest import keep
from tests.browser.test_runs import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def written(incident: Incident) -> Postmortem:
    commander, at = User.objects.get(username="commander"), clock.now()
    services.acknowledge(incident, by=commander, at=at)
    services.resolve(incident, by=commander, at=at)
    return draft(Incident.objects.get(), by=commander, at=at)


def room(written: Postmortem) -> str:
    return f"/incidents/{written.incident_id}/postmortem/whys/"


def test_two_who_answer_together_see_each_others_answers(
    page: Page, written: Postmortem, request: pytest.FixtureRequest
) -> None:
    sign_in(page, "commander")
    page.goto(room(written))
    other = page.context.new_page()
    other.goto(room(written))
    box = other.get_by_label("답", exact=True)
    box.fill("제가 쓰던 답")

    page.get_by_label("답", exact=True).fill("출금 서명 키가 만료됐어요")
    page.get_by_role("button", name="추가").click()

    expect(other.locator("#live")).to_contain_text("출금 서명 키가 만료됐어요", timeout=8000)
    expect(box).to_have_value("제가 쓰던 답")
    page.get_by_role("link", name="그 일은 어떻게 일어났나요?").first.click()
    page.get_by_label("답", exact=True).fill("만료일을 보는 곳이 없었어요")
    page.get_by_label("증거 자료").select_option(index=1)
    page.get_by_role("button", name="추가").click()
    expect(other.locator(".derived")).to_contain_text("만료일을 보는 곳이 없었어요", timeout=8000)
    assert Why.objects.get(parent__isnull=False).evidence.count() == 1
    keep(page, request, "whys")
    page.goto(room(written).removesuffix("whys/"))
    keep(page, request, "postmortem")
    assert fits(page)


def fits(page: Page) -> bool:
    return not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_an_accepted_action_item_stands_on_the_board_of_its_team(
    page: Page, written: Postmortem, request: pytest.FixtureRequest
) -> None:
    sign_in(page, "commander")
    page.goto("/postmortems/actions/")
    expect(page.get_by_role("heading", name="여기에는 할 일이 없어요")).to_be_visible()
    page.goto(written.get_absolute_url())
    page.get_by_role("button", name="받아들이기").first.click()
    page.get_by_role("link", name="모니터링 알림 개선").click()
    page.locator("[name=person]").select_option(value="")
    page.locator("[name=team]").select_option(label="P1 대응팀")
    page.locator("[name=owner]").fill("")
    page.locator("[name=due_date]").fill("2026-01-02")
    page.get_by_role("button", name="저장").last.click()
    page.goto("/postmortems/actions/")

    column = page.locator(".action-board section").filter(has_text="P1 대응팀")
    expect(column).to_contain_text("모니터링 알림 개선")
    expect(column).to_contain_text("1건 늦음")
    assert fits(page)
    keep(page, request, "board")


def test_a_comment_stands_where_it_was_made(
    page: Page, written: Postmortem, request: pytest.FixtureRequest
) -> None:
    sign_in(page, "commander")
    page.goto(written.get_absolute_url())
    page.locator("#say-impact summary").click()
    page.locator("#text-impact").fill("이용자 수는 어디서 셌나요?")
    page.locator("#talk-impact").get_by_role("button", name="의견").click()

    expect(page.locator("#impact .comment")).to_contain_text("이용자 수는 어디서 셌나요?")
    assert fits(page)
    page.locator("#impact").scroll_into_view_if_needed()
    keep(page, request, "comment")

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from incidents.models import Incident
from monitoring import services
from monitoring.domain.checks import Measured, Outcome, State
from monitoring.models import Check
from tests.browser.conftest import keep

pytestmark = pytest.mark.browser

HTTP = (
    Measured("http_status", 200),
    Measured("http_seconds", 0.043, unit="s"),
    Measured("certificate_days", 57.25, unit="days"),
)
REFUSED = "연결이 거부됐어요. 그 포트에서 받는 프로그램이 없어요."


@pytest.fixture
def signed_in(page: Page, incident: Incident) -> Page:
    Check.objects.all().delete()
    for name, collector, outcome in (
        ("상점 첫 화면", "http", Outcome(State.OK, 0.05, readings=HTTP)),
        ("지갑 노드", "tcp", Outcome(State.FAILING, 0.01, REFUSED)),
        ("메일 서버", "tcp", Outcome(State.OK, 0.01, readings=(Measured("tcp_seconds", 0.004),))),
    ):
        row = Check.objects.create(
            name=name, collector=collector, host="web-1", settings={"address": "wallet", "port": 1},
            due_at=clock.database_now() - timedelta(seconds=1),
        )  # fmt: skip
        services.note_runs(
            [(job, outcome) for job in services.claim_checks(9)], at=clock.database_now()
        )
    Check.objects.filter(pk=row.pk).update(enabled=False)
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    return page


def test_a_check_is_chosen_tried_saved_and_found(
    signed_in: Page, request: pytest.FixtureRequest, live_server: object
) -> None:
    page = signed_in
    page.goto("/monitoring/checks/")
    expect(page.locator(".rows")).to_contain_text(REFUSED)
    keep(page, request, "checks")
    page.get_by_role("link", name="체크 추가").click()
    keep(page, request, "check-choose")
    page.get_by_role("link", name="웹사이트").first.click()

    page.get_by_label("주소").fill(f"{live_server}/healthz")
    page.get_by_label("응답에 포함될 문구").fill("ok")
    page.get_by_role("button", name="지금 시험하기").click()
    expect(page.get_by_role("status").last).to_contain_text("http_seconds")
    page.get_by_role("status").last.scroll_into_view_if_needed()
    keep(page, request, "check-tried")

    page.get_by_label("이름", exact=True).fill("포털")
    page.get_by_role("button", name="저장").click()
    expect(page.locator("h1")).to_have_text("포털")

    page.goto("/monitoring/checks/")
    page.get_by_role("link", name="상점 첫 화면").click()
    expect(page.locator(".rows")).to_contain_text("certificate_days")
    keep(page, request, "check")
    page.get_by_text("삭제").last.scroll_into_view_if_needed()
    keep(page, request, "check-end")

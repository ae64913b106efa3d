"""A whole run: started in the room, its question answered, its dangerous step approved by a second person, finished."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db.models import F
from playwright.sync_api import Page, expect

from core import clock
from incidents.models import Incident
from runbooks import services
from runbooks.models import Host, Run, RunStep, Version
from runbooks.services import execute_next
from teams.models import User
from tests.browser.test_actions import whole
from tests.factor import SECRET, code_now
from tests.runbooks.running import book, go, step

pytestmark = pytest.mark.browser

SAID = [
    {"ko": "db1의 디스크 /var가 97 % 찼어요.", "en": "/var of db1 is 97 % full.", "grave": True},
    {"ko": "세션 2개가 다른 세션을 막고 있어요.", "en": "2 sessions block others.", "grave": False},
]


@pytest.fixture
def restart(transactional_db: None, incident: Incident) -> Version:
    for name in ("app1", "app2", "app3"):
        Host.objects.create(name=name)
    asks = {
        "question": {"ko": "출금을 잠시 멈춰도 될까요?", "en": "May withdrawals pause?"},
        "choices": ["멈춰요", "안 돼요"], "stops_at": ["안 돼요"],
    }  # fmt: skip
    titles = {"ko": "앱 서버 재시작", "en": "Restart the application servers"}
    return book(
        step("look", wait="0s", title={"ko": "서버 상태 보기", "en": "Look at the servers"}),
        step("ask", ask=asks, title={"ko": "출금 담당에게 묻기", "en": "Ask about withdrawals"}),
        step("each", for_each={"items": "{hosts}"}, title={"ko": "서버마다", "en": "On each"}, steps=[
            step("one", wait="0s", title={"ko": "트래픽 빼기", "en": "Drain"}),
            step("two", wait="0s", title={"ko": "다시 넣기", "en": "Add back"}),
        ]),
        step("restart", wait="0s", dangerous=True, title={"ko": "풀 전체 재시작", "en": "Restart the pool"}),
        key="restart-apps", title=titles,
        summary={
            "ko": "앱 서버를 한 대씩 빼고 다시 시작한 뒤 되돌려 놓아요.",
            "en": "Takes application servers out one by one, restarts them and puts them back.",
        },
        success={"ko": "세 서버가 모두 정상이에요.", "en": "All three servers are well."},
        back={"ko": "서버를 다시 풀에 넣어요.", "en": "Add the server back to the pool."},
        when={"services": ["withdrawals"], "alerts": ["service-down"]},
        inputs={"hosts": {"type": "hosts", "label": {"ko": "서버", "en": "Servers"}, "default": ["app1", "app2"]}},
    )  # fmt: skip


def second_person(settings: Any, page: Page) -> None:
    """Signed in some time ago: the factor is asked for anew."""
    cto = User.objects.get(username="cto")
    cto.password = User.objects.get(username="commander").password
    cto.save()
    sign_in(page, "cto")
    Authenticator.objects.create(user=cto, type="totp", data={"secret": SECRET})
    settings.CONSOLE_NEEDS_MFA = True


def sign_in(page: Page, name: str) -> None:
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/incidents/")


def shown_in_english(page: Page, request: pytest.FixtureRequest, name: str) -> None:
    User.objects.filter(username="commander").update(language="en")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    whole(page, request, f"{name}-en")
    User.objects.filter(username="commander").update(language="ko")
    page.reload()


def approved(page: Page, run: Run, request: pytest.FixtureRequest) -> None:
    page.goto(run.get_absolute_url())
    page.get_by_role("link", name="내용 보고 승인").click()
    expect(page.locator(".run-exact")).to_be_visible()
    whole(page, request, "run-approve-factor")
    page.get_by_role("link", name="2단계 인증하기").click()
    page.fill("[name=code]", code_now())
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/approve/")
    whole(page, request, "run-approve")
    page.get_by_role("button", name="승인", exact=True).click()
    expect(page.locator(".message.success")).to_be_visible()


def test_a_run_from_the_room_to_its_end(
    page: Page, restart: Version, incident: Incident, request: pytest.FixtureRequest, settings: Any
) -> None:
    sign_in(page, "commander")
    page.goto("/runbooks/")
    whole(page, request, "runbooks")
    page.goto("/runbooks/restart-apps/")
    whole(page, request, "runbook")
    shown_in_english(page, request, "runbook")

    page.goto(incident.get_absolute_url())
    if page.viewport_size and page.viewport_size["width"] < 760:
        page.locator("label", has=page.locator("#segment-work")).click()
    expect(page.locator("#runs")).to_contain_text("앱 서버 재시작")
    page.locator("#runs").get_by_role("link", name="시작", exact=True).click()
    page.get_by_label("app3").check()
    page.get_by_role("button", name="모의 실행").click()
    expect(page.locator("h1")).to_contain_text("실행하면 하는 일")
    whole(page, request, "run-dry")
    page.get_by_role("button", name="시작", exact=True).click()
    page.wait_for_url("**/runbooks/runs/*/")

    run = Run.objects.get()
    assert run.incident == incident
    assert run.inputs["hosts"] == ["app1", "app2", "app3"]
    go(run)
    RunStep.objects.filter(run=run, name="look").update(said=SAID, output="Filesystem  Use%\n" * 90)
    Run.objects.filter(pk=run.pk).update(revision=F("revision") + 1)
    expect(page.locator("#needs")).to_be_visible(timeout=15_000)  # by itself
    expect(page.locator(".run-findings")).to_contain_text("97 %")
    whole(page, request, "run-asks")
    shown_in_english(page, request, "run-asks")
    Incident.objects.touch()
    page.goto(incident.get_absolute_url())
    expect(page.locator("#runs-asking")).to_contain_text("출금을 잠시")
    whole(page, request, "room-runs")
    page.locator("#runs-asking").get_by_role("link", name="답하기").click()
    page.get_by_role("button", name="멈춰요").click()

    go(run)
    expect(page.locator(".run-needs")).to_contain_text("위험한 단계")
    whole(page, request, "run-approval")
    second_person(settings, page)
    approved(page, run, request)

    page.goto(run.get_absolute_url())
    execute_next(at=clock.database_now())
    assert go(run).state == "done"
    expect(page.locator("#live .lead")).to_contain_text("완료", timeout=15_000)  # by itself
    whole(page, request, "run-done")
    page.goto(incident.get_absolute_url())
    expect(page.locator(".timeline")).to_contain_text("풀 전체 재시작")
    expect(page.locator(".timeline")).to_contain_text("앱 서버 재시작")
    page.goto("/runbooks/runs/")
    whole(page, request, "runs")
    page.goto("/runbooks/")
    whole(page, request, "runbooks-ran")


def test_a_run_that_was_aborted_and_taken_back_leads_to_the_other_and_back(
    page: Page, restart: Version, incident: Incident, request: pytest.FixtureRequest
) -> None:
    me = User.objects.get(username="commander")
    undo = {"http": {"url": "http://127.0.0.1:9/back", "method": "POST"}}
    version = book(step("drain", wait="0s", undo=undo), step("settle", wait="1h"), key="drains")
    run = go(services.start(version, {}, by=me, at=clock.database_now(), incident=incident))
    services.abort(run, by=me, at=clock.database_now(), reason="다른 런북으로 충분해요")
    run.refresh_from_db()
    services.undo(run, by=me, at=clock.database_now())
    sign_in(page, "commander")
    page.goto(run.get_absolute_url())
    whole(page, request, "run-aborted")
    page.get_by_role("link", name="되돌렸어요").click()
    whole(page, request, "run-taken-back")
    page.get_by_role("link", name="되돌려요").click()
    expect(page.locator(".lead")).to_contain_text("중단됨")

import uuid
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from core.models import Heartbeat
from monitoring.models import LogFinding, LogPattern, LogSource, LogTemplate
from teams.models import Service
from tests.browser.conftest import keep

pytestmark = pytest.mark.browser

LINE = "2026-11-28T19:20:31Z ERROR [exec-17] WithdrawalService - withdrawal 83812 to ‹address:2dac› failed: connection refused by ‹ip:e741›:5432"
AROUND = [f"2026-11-28T19:20:{n}Z INFO [exec-{n}] block {n * 81} received" for n in range(20, 25)]


@pytest.fixture
def signed_in(page: Page, transactional_db: None, seeded: None) -> Page:
    at = clock.now()
    service = Service.objects.get(slug="withdrawals")
    app = LogSource.objects.create(
        name="출금 서버", place="/var/log/wallet/*.log", service=service, begun_at=at, last_at=at,
        lines=18_293_112, errors=412,
    )  # fmt: skip
    LogSource.objects.create(name="nginx", place="/var/log/nginx/error.log", trouble="refused|/var/log/nginx/error.log", begun_at=at)  # fmt: skip
    LogSource.objects.create(name="방화벽", kind="syslog", place="0.0.0.0:5514", lag_seconds=95, lag_bytes=81_000_000, begun_at=at)  # fmt: skip
    pattern = LogPattern.objects.get(slug="withdrawals-fail")
    for n in range(4):
        LogFinding.objects.create(
            source=app, pattern=pattern, severity="P1" if n % 2 else "P2", level=3, line=LINE,
            at=at - timedelta(minutes=7 * n), last_at=at, count=3 + n, before=AROUND, after=AROUND,
            over_at=at if n else None, last_line=LINE.replace("83812", "83999"),
        )  # fmt: skip
    kind = LogTemplate.objects.create(
        source=app, fingerprint=uuid.uuid4(), level=3, count=83, example=LINE, first_at=at, last_at=at,
        text="ERROR ‹› WithdrawalService - withdrawal ‹› to ‹› failed: connection refused by ‹›",
    )  # fmt: skip
    for n in range(9):
        kind.days.create(day=at.date() - timedelta(days=n), count=n * n + 1)
    Heartbeat.objects.beat("logs")
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    return page


def test_logs_and_what_was_found_in_them(signed_in: Page, request: pytest.FixtureRequest) -> None:
    page = signed_in
    page.goto("/monitoring/logs/")
    expect(page.locator("main")).to_contain_text("읽기 권한 없음")
    keep(page, request, "logs")
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]

    page.locator(".find > a").first.click()
    expect(page.locator(".around .it").first).to_contain_text("withdrawal 83812")
    keep(page, request, "log-finding")

    page.goto("/monitoring/logs/")
    page.get_by_role("link", name="출금 서버").first.click()
    keep(page, request, "log-source")


def test_a_pattern_is_tried_while_it_is_written(
    signed_in: Page, request: pytest.FixtureRequest
) -> None:
    page = signed_in
    page.goto("/monitoring/logs/patterns/new/")
    page.fill("#id_text", "withdrawal failed")
    page.fill("#id_pasted", "\n".join([*AROUND, LINE, "password=hunter2 failed"]))
    expect(page.locator(".fits")).to_contain_text("7줄 가운데 1줄이 일치해요")
    expect(page.locator(".fits")).not_to_contain_text("hunter2")
    keep(page, request, "log-pattern")
    page.fill("#id_name_ko", "출금 실패")
    page.get_by_role("button", name="저장").click()

    expect(page.locator(".log-patterns")).to_contain_text("withdrawal failed")
    page.goto("/monitoring/logs/new/")
    keep(page, request, "log-source-form")

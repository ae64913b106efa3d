import math
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from monitoring import services
from monitoring.domain.samples import Identity, Point
from monitoring.models import Rule
from tests.browser.conftest import keep

pytestmark = pytest.mark.browser
MINUTE = timedelta(minutes=1)


@pytest.fixture
def measured(transactional_db: None, seeded: None) -> None:
    """Three hosts for a week, busy by day; one was too busy three times, and is now."""
    at = clock.now()

    def value(host: int, minute: int) -> float:
        usual = (
            40 + 10 * host + 15 * math.sin(minute / 1440 * 2 * math.pi) + (minute * 7919 % 11) / 2
        )
        peak = host == 2 and minute in {*range(20), *range(2000, 2060), *range(5000, 5025)}
        return 96 if peak else usual

    points = [
        Point(Identity.of("host_cpu_used", host=f"web-{host}"), at - minute * MINUTE, value(host, minute))
        for host in range(3)
        for minute in range(7 * 1440)
    ]  # fmt: skip
    services.write(points, at=at)


@pytest.fixture
def signed_in(page: Page, measured: None) -> Page:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    return page


def test_a_rule_is_written_with_its_past_in_sight(
    signed_in: Page, request: pytest.FixtureRequest
) -> None:
    page = signed_in
    page.goto("/monitoring/rules/")
    keep(page, request, "rules-none")
    page.goto("/monitoring/rules/new/?metric=host_cpu_used")
    page.fill("[name=limit]", "90")
    expect(page.locator(".looked-sum")).to_contain_text("번 울렸을 거예요")
    expect(page.locator("#preview figure")).to_have_count(3)

    page.get_by_text("변화 속도").click()
    expect(page.locator("[name=counter]")).to_be_visible()
    page.locator(".kinds label").first.click()
    expect(page.locator("[name=aggregate]")).to_be_visible()
    page.fill("[name=limit]", "85")
    page.fill("[name=name_ko]", "CPU 과부하")
    page.fill("[name=title_ko]", "{labels.host}의 CPU가 {value}%예요")
    expect(page.locator(".reads")).to_contain_text("web-2의 CPU")
    keep(page, request, "rule-new")
    page.screenshot(
        path=f"var/screens/rule-new-full-{request.node.callspec.params['page']}.png", full_page=True
    )
    page.get_by_role("button", name="저장").click()

    expect(page.locator("h1")).to_have_text("CPU 과부하")
    Rule.objects.create(
        name_ko="응답 없음",
        name_en="Silent",
        metric="host_cpu_used",
        kind="absence",
        params={"limit": 300},
        severity="P0",
    )
    Rule.objects.create(
        name_ko="디스크",
        name_en="Disk",
        metric="disk",
        params={"limit": 300},
        severity="P3",
        enabled=False,
    )
    services.apply_rules(at=clock.now())
    page.reload()
    expect(page.locator(".targets").first).to_contain_text("web-2")
    page.screenshot(
        path=f"var/screens/rule-full-{request.node.callspec.params['page']}.png", full_page=True
    )
    page.goto("/monitoring/rules/")
    expect(page.locator(".rules > li").first).to_contain_text("CPU 과부하")
    keep(page, request, "rules")

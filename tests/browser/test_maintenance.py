"""A maintenance is announced with its reminders, takes longer, and is seen by customers: on a phone and on a desk."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from statuspage.models import Notice
from statuspage.services import Work, announce, keep_time
from teams.models import User
from tests.browser.conftest import DESKTOP, keep
from tests.statuspage.scene import component, page_of_three

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)


@pytest.fixture
def work(transactional_db: None, seeded: None) -> Notice:
    page_of_three()
    at, by = clock.now(), User.objects.get(username="commander")
    planned = Work(
        "데이터베이스 교체", "Database replacement", "출금이 5분쯤 늦어요.", "",
        [component("Withdrawals")], at + HOUR, at + 2 * HOUR, [60],
    )  # fmt: skip
    return announce(planned, by=by, at=at)


def test_one_under_way_takes_half_an_hour_longer(
    work: Notice, page: Page, request: pytest.FixtureRequest
) -> None:
    if page.viewport_size == DESKTOP:
        User.objects.update(language="en")
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    page.goto(f"/notices/{work.public_id}/plan/")
    expect(page.locator("[name=cancel]")).to_be_visible()
    keep(page, request, "maintenance-plan")
    keep_time(at=clock.now() + HOUR)
    page.reload()
    keep(page, request, "maintenance-longer")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator("[name=extend][value='30']").click()

    expect(page).to_have_url(re.compile("/notices/$"))
    keep(page, request, "maintenance-list")
    before = work.scheduled_until
    work.refresh_from_db()
    assert work.scheduled_until == before + HOUR / 2

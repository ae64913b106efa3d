"""The capacity pages on a phone and a desk, in both languages."""

from decimal import Decimal

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core import clock
from maintenance.models import Capacity, Price
from maintenance.services import forecast_due
from teams.models import Service, User
from tests.browser.conftest import keep
from tests.maintenance import courses
from tests.maintenance.metrics import measured

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GB = 10**9


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/incidents/")


@pytest.fixture
def capacities(transactional_db, seeded):
    chance = np.random.default_rng(5)
    disk = Price.objects.create(
        name_ko="500 GB SSD",
        name_en="500 GB SSD",
        adds=500 * GB,
        cost=Decimal(120_000),
        lead_days=7,
    )
    server = Price.objects.create(
        name_ko="8코어 서버", name_en="8-core server", cost=Decimal(2_400_000), lead_days=21
    )
    growing = (courses.line(base=400, a_day=5) + chance.normal(0, 20, 90 * 24)) * GB
    busy = (
        courses.by_day(swing=12) + courses.line(base=0, a_day=0.25) + chance.normal(0, 3, 90 * 24)
    )
    service = Service.objects.first()
    Capacity.objects.create(
        metric=measured(growing, service=service), kind="storage", full_at=1100 * GB,
        warning_at=1000 * GB, price=disk, site_lost_percent=50,
    )  # fmt: skip
    Capacity.objects.create(
        metric=measured(busy, name="cpu_percent", unit="percent"), name="web-1 … web-6",
        kind="cpu", full_at=90, warning_at=80, price=server, pieces=6,
    )  # fmt: skip
    Capacity.objects.create(
        metric=measured(courses.by_day(days=60), name="memory_percent", unit="percent"),
        kind="memory", full_at=90,
    )  # fmt: skip
    Capacity.objects.create(
        metric=measured(courses.by_day(days=4), name="traffic", unit="bytes/s"),
        kind="network", full_at=1e9,
    )  # fmt: skip
    forecast_due(at=clock.now())


@pytest.mark.parametrize("language", ["ko", "en"])
def test_who_plans_sees_what_runs_out_first(page: Page, capacities, request, language):
    User.objects.update(language=language)
    sign_in(page)
    page.goto("/capacity/")
    expect(page.locator(".capacities > li")).to_have_count(4)
    keep(page, request, f"capacities-{language}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator(".capacities .title").first.click()
    page.locator("details.numbers summary").click()
    keep(page, request, f"capacity-{language}")
    said = page.inner_text("main")
    assert ("The highest of each day" in said) is (language == "en")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_empty_page_says_what_to_do(page: Page, transactional_db, seeded, request):
    sign_in(page)
    page.goto("/capacity/")
    expect(page.locator(".empty .btn.main")).to_be_visible()
    keep(page, request, "capacities-none")

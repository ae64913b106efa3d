import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from core import clock
from energy.models import EnergyPolicy
from runbooks.models import Limits
from runbooks.services.loosening import change
from teams.models import User
from tests.browser.test_actions import whole

pytestmark = pytest.mark.browser
TRX = 1_000_000


@pytest.fixture
def second(transactional_db: None, seeded: None) -> User:
    return User.objects.create(
        username="second", display_name="오지호", email="s@company.com", role="administrator",
        password=make_password("second-pass"),
    )  # fmt: skip


def sign_in(page: Page, name: str) -> None:
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", f"{name}-pass")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/incidents/")


def test_a_higher_cap_is_proposed_in_the_console_and_confirmed_by_a_second_administrator(
    page: Page, second: User, request: pytest.FixtureRequest
) -> None:
    row = Limits.of("energy.buy")
    sign_in(page, "commander")
    page.goto(f"/console/runbooks/limits/{row.pk}/change/")
    page.fill("[name=day_cap_sun]", str(3_000 * TRX))
    page.fill("[name=cooldown]", "00:02:00")
    page.fill("[name=reason]", "주말 행사로 출금이 두 배가 돼요")
    page.screenshot(path="var/screens/limits-console.png", full_page=True)
    page.locator("[name=_save]").click()
    expect(page.locator(".message.warning")).to_contain_text("다른 관리자")
    whole(page, request, "loosening-mine")
    assert Limits.of("energy.buy").day_cap_sun == 1_500 * TRX

    wanted = EnergyPolicy(restore_percent=30, critical=["BUY_ENERGY", "EMERGENCY_STAKING"])
    by = User.objects.get(username="commander")
    change("policy", wanted, by=by, at=clock.now(), reason="더 높이 채워 두려고요")
    sign_in(page, "second")
    page.goto("/actions/limits/")
    whole(page, request, "loosenings")
    User.objects.filter(pk=second.pk).update(language="en")
    page.reload()
    whole(page, request, "loosenings-en")
    page.get_by_role("link", name="Limits of").click()
    whole(page, request, "loosening-en")
    User.objects.filter(pk=second.pk).update(language="ko")
    page.reload()
    whole(page, request, "loosening")
    page.get_by_role("button", name="확인하고 적용").click()
    expect(page.locator(".message.success")).to_be_visible()
    whole(page, request, "loosening-applied")
    assert Limits.of("energy.buy").day_cap_sun == 3_000 * TRX

import pytest
from playwright.sync_api import Page, expect

from core import clock
from incidents.models import Incident
from incidents.services import take_in
from monitoring.domain.alerts import Signal
from monitoring.models import Alert, Integration
from monitoring.services import store
from tests.browser.conftest import keep

pytestmark = pytest.mark.browser


@pytest.fixture
def signed_in(page: Page, incident: Incident) -> Page:
    signals = [
        Signal(f"{name}-{n}", f"{name} {n}호기", labels={"svc": name, "host": f"{name}-{n}"}, severities=["low"], service=name)
        for name in ("withdrawals", "wallet")
        for n in range(3)
    ]  # fmt: skip
    store(Integration.objects.get(name="wallet-monitor"), b"{}", signals, at=clock.now())
    take_in(at=clock.now())
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    return page


def test_an_alert_is_silenced_from_its_row_with_the_effect_in_sight(
    signed_in: Page, request: pytest.FixtureRequest
) -> None:
    page = signed_in
    page.goto("/alerts/")
    page.get_by_role("link", name="음소거").nth(1).click()
    expect(page.locator(".fits")).to_contain_text("1건을 음소거해요")
    expect(page.locator("#id_until")).to_be_hidden()

    page.fill("#id_matchers", 'svc="wallet"\nhost=~"wallet-[01]"')
    expect(page.locator(".fits")).to_contain_text("2건을 음소거해요")
    keep(page, request, "silence-new")
    page.get_by_text("4시간").click()
    page.fill("#id_comment", "지갑 서버 교체")
    page.get_by_role("button", name="음소거").click()

    expect(page.locator(".hushes").first).to_contain_text("지갑 서버 교체")
    keep(page, request, "silences")
    page.goto("/alerts/?status=silenced")
    keep(page, request, "alerts-silenced")
    assert Alert.objects.open().filter(muted_until__isnull=False).count() == 2
    page.goto("/alerts/")
    keep(page, request, "alerts")

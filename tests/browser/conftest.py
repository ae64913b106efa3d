"""A real Chromium against the real pages; what it saw is kept under var/screens, out of git."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from core import clock
from incidents import services
from incidents.models import Incident
from monitoring.domain.alerts import Signal
from monitoring.services import add_integration, store

SCREENS = Path(settings.BONGSU_HOME).parent / "screens"
# Without a graphics card the helper process for it now and then loses the picture it was to take.
FLAGS = ["--no-sandbox", "--disable-gpu"]
PHONE, DESKTOP = {"width": 360, "height": 780}, {"width": 1440, "height": 900}


@pytest.fixture(scope="package")  # no longer: its loop would be in the way of whoever runs one
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None and not os.environ.get("CI"):
        pytest.skip("no Chromium on this machine: install the Debian package chromium")
    # Playwright keeps a loop in this thread; the tables are read from it all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def incident(transactional_db: None, seeded: None) -> Incident:
    """A P0 from an alert, its team paged."""
    integration, _ = add_integration("generic", name="wallet-monitor")
    signal = Signal(
        key="q", title="출금 중단 — TRC-20 USDT", severities=["critical"], service="withdrawals"
    )
    store(integration, b"{}", [signal], at=clock.now())
    services.take_in(at=clock.now())
    return Incident.objects.get()


@pytest.fixture(params=["phone-dark", "desktop-light"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: object) -> Iterator[Page]:
    """Signed in as the commander; a script, style or policy error fails the test."""
    size, scheme = request.param.split("-")
    context: BrowserContext = browser.new_context(
        base_url=str(live_server),
        viewport=PHONE if size == "phone" else DESKTOP,
        color_scheme=scheme,
        locale="ko-KR",
        has_touch=size == "phone",
    )
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    found = list(faults)  # what is on its way when it closes fails for that alone
    context.close()
    assert found == []


def keep(page: Page, request: pytest.FixtureRequest, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    which = request.node.callspec.params["page"]
    page.screenshot(path=SCREENS / f"{name}-{which}.png")

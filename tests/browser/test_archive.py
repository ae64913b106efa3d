import re
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core import clock
from incidents.models import Incident
from incidents.services import acknowledge, declare, resolve
from postmortems import services
from postmortems.domain.quarters import Quarter
from postmortems.models import Rendering
from teams.models import User
from tests.browser.conftest import keep
from tests.browser.test_sight import no_wider_than_the_screen

pytestmark = pytest.mark.browser


@pytest.fixture
def archive(page: Page, transactional_db: None, seeded: None) -> Page:
    """Two postmortems of this quarter and one of the last."""
    commander = User.objects.get(username="commander")
    at = clock.now()
    last = timezone.localtime(at).date() - Quarter.of(timezone.localtime(at).date()).first_day
    for title, severity, began in (
        ("새벽 정산 출금이 몰려 에너지가 바닥남", "P0", at),
        ("API 지연 p95 2초 넘음", "P1", at),
        ("노드 동기화 늦음", "P2", at - last - timedelta(days=20)),
    ):
        incident = declare(title, severity=severity, by=commander, at=at)
        acknowledge(incident, by=commander, at=at + timedelta(minutes=3))
        resolve(incident, by=commander, at=at + timedelta(minutes=64))
        services.draft(incident, by=commander, at=at + timedelta(minutes=65))
        over = began + timedelta(hours=1)
        Incident.objects.filter(pk=incident.pk).update(detected_at=began, resolved_at=over)
    page.goto("/accounts/login/?next=/postmortems/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    return page


def test_a_quarter_is_found_and_taken_along(
    archive: Page, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    page = archive
    expect(page.locator(".row.postmortem")).to_have_count(3)
    keep(page, request, "archive")
    no_wider_than_the_screen(page)

    page.get_by_role("link", name="지난 분기 전체").click()
    expect(page.locator(".row.postmortem")).to_have_count(1)
    page.locator("#q").fill("없는 말")
    expect(page.locator("#found")).to_contain_text("맞는 사후 분석이 없어요")
    keep(page, request, "archive-none")
    page.locator("#q").fill("")
    expect(page.locator(".row.postmortem")).to_have_count(1)
    page.get_by_label("분기").select_option("")
    expect(page.locator(".row.postmortem")).to_have_count(3)

    page.get_by_role("link", name="PDF 3개를 ZIP으로").click()
    expect(page.locator("#state")).to_contain_text("3개 가운데 0개")
    keep(page, request, "archive-under-way")
    no_wider_than_the_screen(page)
    with page.expect_download() as coming:
        services.render_due()
    coming.value.save_as(tmp_path / "all.zip")

    with ZipFile(tmp_path / "all.zip") as taken:
        assert len(taken.namelist()) == 4
        assert taken.read(taken.namelist()[0]).startswith(b"%PDF-")


def test_a_page_that_waits_turns_into_the_pdf_and_one_that_fails_offers_another_try(
    archive: Page, request: pytest.FixtureRequest
) -> None:
    page = archive
    page.locator(".row.postmortem .title", has_text="에너지").click()
    page.locator("a:visible", has_text=re.compile("PDF 내려받기")).first.click()
    expect(page.locator("#state")).to_contain_text("만드는 중")
    keep(page, request, "pdf-under-way")
    Rendering.objects.update(error="PDF를 만들지 못했어요: 시험")
    expect(page.locator("#state")).to_contain_text("시험")
    keep(page, request, "pdf-failed")
    no_wider_than_the_screen(page)

    page.get_by_role("button", name="다시 만들기").click()
    expect(page.locator("#state")).to_contain_text("만드는 중")
    services.render_due()
    with page.expect_response(lambda said: said.headers.get("content-type") == "application/pdf"):
        pass

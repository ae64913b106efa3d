"""The page of backups on a phone and a desk, in both languages."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from maintenance.models import Backup, BackupPlan, RestoreTest
from teams.models import User
from tests.browser.conftest import keep
from tests.browser.test_capacity import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def made(plan, days, **more):
    at = clock.now() - days * DAY
    facts = {
        "state": "made",
        "ended_at": at + 3 * MINUTE,
        "made_at": at,
        "verified_at": at,
        "size": 31_000_000 + int(days * 1e5),
    }
    stem = f"bongsu-{at:%Y%m%dT%H%M%SZ}"
    return Backup.objects.create(
        plan=plan, begun_at=at, stem=stem, place="/var/lib/bongsu/backups", tables=171, rows=1_204_311,
        **facts | more,
    )  # fmt: skip


@pytest.fixture
def backups(transactional_db, seeded):
    portal = BackupPlan.objects.get()
    for night in range(14):
        if night not in (6, 7):
            newest = made(portal, night + 0.3)
    RestoreTest.objects.create(
        plan=portal, backup=newest, stem=newest.stem, state="passed", begun_at=clock.now() - DAY,
        ended_at=clock.now() - DAY, took_seconds=42.7, age_seconds=3600, rpo_seconds=1, rto_seconds=14400,
        stages={"fetch": 0.01, "verify": 0.4, "server": 3.2, "restore": 31.0, "compare": 2.1, "check": 6.0},
        tables=171, rows=1_204_311,
    )  # fmt: skip
    ledger = BackupPlan.objects.create(name="ledger", sealed=True, rpo_minutes=60, every_hours=1)
    made(ledger, 0.4)
    made(ledger, 0.2, flaws=[{"code": "checksum"}])
    RestoreTest.objects.create(
        plan=ledger, state="failed", begun_at=clock.now(), ended_at=clock.now(), rpo_seconds=1,
        rto_seconds=1, took_seconds=3, stages={"verify": 0.2}, stem="ledger-20261130T000000Z",
        flaws=[{"code": "table_missing", "table": "public.entries"}],
    )  # fmt: skip
    BackupPlan.objects.create(name="fresh")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [360, 1440])
def test_who_keeps_data_sees_how_old_and_whether_it_came_back(
    page: Page, backups, request, language, width
):
    User.objects.update(language=language)
    page.set_viewport_size({"width": width, "height": 900})
    if language == "en":
        page.emulate_media(color_scheme="dark")
    sign_in(page)
    page.goto("/backups/")
    expect(page.locator(".backups > li")).to_have_count(3)
    for summary in page.locator("summary").all():
        summary.click()
    keep(page, request, f"backups-{language}-{width}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width


def test_without_a_plan_it_says_what_to_do(page: Page, transactional_db, seeded, request):
    BackupPlan.objects.all().delete()
    sign_in(page)
    page.goto("/backups/")
    expect(page.locator(".empty")).to_be_visible()
    keep(page, request, "backups-none")

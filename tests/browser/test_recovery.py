"""Disaster recovery and drills on a phone and a desk, in both languages."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from incidents.models import Incident
from maintenance.models import CopyRole, CopySample, DataCopy, Drill, Failover, KeptData, Site
from maintenance.services import sample_copies
from runbooks.models import Database
from teams.models import User
from tests.browser.conftest import keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/incidents/")


@pytest.fixture
def recovery(transactional_db, seeded):
    """The seeded sites, with a replica in Busan that follows by three seconds, and one failover."""
    at = clock.database_now()
    data = KeptData.objects.get()
    busan = Site.objects.get(slug="busan")
    copy = DataCopy.objects.create(
        data=data, site=busan, database=Database.objects.create(name="replica")
    )
    sample_copies(DataCopy.objects.exclude(pk=copy.pk).select_related("database"))
    CopySample.objects.create(
        copy=copy, at=at, role=CopyRole.FOLLOWS, place=1, safe_until=at - timedelta(seconds=3)
    )
    begun = at - timedelta(days=9)
    Failover.objects.create(
        data=data, left=Site.objects.get(slug="seoul"), to=busan, drill=True, well_at=begun,
        ill_at=begun + timedelta(seconds=14), writes_at=begun + timedelta(minutes=11), at=begun,
        kept_until=begun - timedelta(seconds=2),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_each_site_lacks_is_read_without_scrolling_sideways(page, recovery, request, language):
    User.objects.filter(username="commander").update(language=language)
    sign_in(page)
    page.goto("/recovery/")
    expect(page.locator(".site")).to_have_count(3)
    expect(page.locator("#busan .site-lacks")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep(page, request, f"recovery-{language}")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_drill_is_planned_begun_ended_and_followed_up_by_hand(page, recovery, request, language):
    User.objects.filter(username="commander").update(language=language)
    sign_in(page)
    page.goto("/drills/")
    page.select_option("[name=scenario]", "site-loss")
    keep(page, request, f"drills-{language}")
    page.locator(".drill-form .btn.main").click()
    drill = Drill.objects.get()
    page.wait_for_url(f"**/drills/{drill.pk}/")
    page.locator(".drills .btn.main").click()
    expect(page.locator("form[action$='/end/']")).to_be_visible()
    assert Incident.objects.get().drill
    page.locator(".drills .btn.main").click()
    expect(page.locator("form[action$='/end/']")).to_have_count(0)
    page.fill("[name=text]", "The standby's address was nowhere to be found.")
    page.locator("form[action$='/note/'] .btn").click()
    expect(page.locator(".drill-list li")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep(page, request, f"drill-{language}")

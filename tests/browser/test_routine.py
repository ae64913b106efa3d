"""The pages of routine work on a phone and a desk, in both languages."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from maintenance.job import Finding, Level, Outcome
from maintenance.models import Routine, RoutineRun
from maintenance.services.planning import plan_due
from maintenance.services.running import claim, finish
from teams.models import User
from tests.browser.conftest import keep
from tests.browser.test_capacity import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ERRORS = {
    "counted": {"count": 113, "day": "2026-11-29", "usual": "40"},
    "new_kind": {"log": "wallet-api", "count": 3, "text": "withdrawal <*> stuck in broadcast for <*> s: no energy"},
    "more": {"log": "wallet-api", "count": 90, "usual": "20", "text": "timeout after <*> ms"},
}  # fmt: skip


def found(run: RoutineRun, day: int) -> Outcome:
    if run.routine.name == "system_health_check" and day in {5, 12}:
        facts = {"name": "db-1", "error": "connection refused"}
        return Outcome([Finding("check_silent", facts, Level.BAD)], {"wrong": 1, "watched": 18})
    if run.routine.name == "system_health_check":
        return Outcome([Finding("all_well", {"count": 18})], {"wrong": 0, "watched": 18})
    if run.routine.name == "log_analysis":
        notes = [Finding(code, facts, Level.NOTE) for code, facts in ERRORS.items()]
        return Outcome(notes, {"errors": 113 + day % 7 * 9, "new": 1}, {"day": "2026-11-29"})
    return Outcome([], {})


@pytest.fixture
def three_weeks(transactional_db, seeded):
    """Of which two days stood still."""
    now = clock.database_now()
    plan_due(at=now - timedelta(days=21))
    for day in range(21):
        at = now - timedelta(days=20 - day)
        if day in {8, 9}:
            continue
        plan_due(at=at)
        while run := claim(at=at):
            finish(run, found(run, day), at=at + timedelta(seconds=4))


def test_what_was_done_is_seen_and_run_again(three_weeks, page: Page, request):
    sign_in(page)
    page.goto("/routine/")
    expect(page.get_by_role("heading", name="정기 작업", exact=True)).to_be_visible()
    keep(page, request, "routine-list")
    page.locator("#calendar").scroll_into_view_if_needed()
    keep(page, request, "routine-calendar")
    page.goto("/routine/log_analysis/")
    keep(page, request, "routine-job")
    page.get_by_role("button", name="지금 실행").click()
    expect(page.get_by_text("1분 안에 시작해요.")).to_be_visible()
    expect(page.get_by_role("button", name="지금 실행")).to_be_disabled()

    User.objects.update(language="en")
    run = Routine.objects.get(name="log_analysis").runs.over().first()
    page.goto(run.get_absolute_url())
    expect(page.get_by_text("New in wallet-api, 3 times")).to_be_visible()
    keep(page, request, "routine-run")
    page.goto("/routine/")
    page.get_by_role("link", name="Report").first.click()
    expect(page.get_by_text("went well").first).to_be_visible()
    keep(page, request, "routine-report")


def test_before_the_first_plan_the_page_says_what_comes(
    seeded, transactional_db, page: Page, request
):
    Routine.objects.all().delete()
    sign_in(page)
    page.goto("/routine/")
    expect(page.get_by_text("아직 예정된 작업이 없어요")).to_be_visible()
    keep(page, request, "routine-empty")

"""What a security job finds is read by those who respond; a viewer, and an alert, know only that it failed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from maintenance.job import Finding, Level, Outcome
from maintenance.models import RoutineRun
from maintenance.registry import jobs
from maintenance.services.planning import plan_due
from maintenance.services.running import claim, finish
from monitoring.models import Alert
from tests.maintenance.jobs import job, only

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
THREE = datetime(2024, 11, 21, 3, tzinfo=SEOUL)
FOUND = Outcome([Finding("seen", {"count": 4711}, Level.BAD)], {}, {"ports": [4711]})


@pytest.fixture
def run():
    scan = job()
    scan.confidential = True
    with only(scan=scan):
        plan_due(at=datetime(2024, 11, 20, 12, tzinfo=SEOUL))
        plan_due(at=THREE)
        finish(claim(at=THREE), FOUND, at=THREE)
        yield RoutineRun.objects.get()


def pages(run):
    return [
        "/routine/", run.routine.get_absolute_url(), run.get_absolute_url(),
        "/routine/reports/daily/2024-11-21/", f"/api/v1/routine/runs/{run.pk}/",
    ]  # fmt: skip


def test_whoever_responds_reads_what_it_found_and_a_viewer_does_not(run, browser, everyone):
    responder, viewer = browser("responder"), browser("viewer")
    for page in pages(run):
        assert "4711" in responder.get(page).content.decode(), page
        answer = viewer.get(page)
        assert answer.status_code == 200
        assert "4711" not in answer.content.decode(), page


def test_the_paper_that_tells_all_is_for_those_who_respond(run, browser, everyone):
    paper = "/routine/reports/daily/2024-11-21/report.pdf"
    assert browser("viewer").get(paper).status_code == 403
    assert browser("responder").get(paper).status_code == 202


def test_its_alert_leads_to_the_page_and_tells_nothing(run):
    alert = Alert.objects.open().get()
    assert "4711" not in f"{alert.title} {alert.description} {alert.translations}"
    assert run.get_absolute_url() in alert.url


def test_those_that_look_at_accounts_and_holes_are_such():
    assert {name for name in jobs if jobs[name].confidential} == {"security_audit", "security_scan"}

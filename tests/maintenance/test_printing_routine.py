"""The report of a period as a PDF: what failed first, made once, and anew when a run changes."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from maintenance.domain.periods import Frequency, Period
from maintenance.models import RoutinePaper
from maintenance.services import printing_reports
from maintenance.services.planning import plan_due
from maintenance.services.running import claim, finish
from tests.maintenance.jobs import FINE, WRONG, job, only
from tests.maintenance.test_printing import text

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
THREE = datetime(2024, 11, 21, 3, tzinfo=SEOUL)
PERIOD = Period(Frequency.DAILY, date(2024, 11, 21))
PDF = "/routine/reports/daily/2024-11-21/report.pdf"


@pytest.fixture
def half_done():
    with only(looks=job(), other=job()):
        plan_due(at=datetime(2024, 11, 20, 12, tzinfo=SEOUL))
        plan_due(at=THREE)
        finish(claim(at=THREE), FINE, at=THREE)  # whichever comes first
        yield


def printed():
    row = printing_reports.ask(PERIOD, "en")
    printing_reports.print_due()
    row.refresh_from_db()
    assert row.error == ""
    return bytes(row.pdf)


def test_it_tells_each_job_with_what_it_found(half_done):
    finish(claim(at=THREE), WRONG, at=THREE)
    said = " ".join(text(printed()).split())
    assert "Routine work 2024-11-21" in said
    assert "1 went well, 1 failed, 0 missed" in said
    assert said.index("0 seen") < said.index("3 seen")


def test_the_same_is_made_once_and_a_run_that_ended_since_makes_another(half_done):
    first = printed()
    assert printed() == first
    finish(claim(at=THREE), WRONG, at=THREE)
    assert printed() != first
    assert RoutinePaper.objects.count() == 1


def test_a_person_waits_for_it_and_no_period_is_made_up(half_done, commander):
    client = Client()
    client.force_login(commander)
    assert client.get(PDF).status_code == 202
    printing_reports.print_due()
    assert client.get(PDF).content.startswith(b"%PDF-")
    for wrong in ("daily/2026-13-01", "yearly/2026-01-01", "daily/0001-01-01", "daily/2998-01-01"):
        assert client.get(f"/routine/reports/{wrong}/").status_code == 404

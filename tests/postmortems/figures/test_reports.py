"""The improvement report: printed once, kept, and sent to whoever leads."""

import pytest
from django.core.management import call_command
from django.test import Client

from incidents.models import Incident
from incidents.registry import Opinion
from notifications.models import Delivery
from notifications.rendering import render
from postmortems.domain.figures.estimates import Figure
from postmortems.figures import monthly
from postmortems.figures.improvement import Line, improvement
from postmortems.figures.whole import satisfied
from postmortems.models import ImprovementReport
from teams.models import ContactMethod, User
from tests.postmortems.conftest import after

pytestmark = pytest.mark.django_db
FIRST = after(days=8)  # 1 December, noon


@pytest.fixture
def manager(seeded):
    found = User.objects.filter(username="cto").first() or User.objects.get(username="commander")
    User.objects.filter(pk=found.pk).update(role="manager", language="en")
    ContactMethod.objects.update_or_create(
        user=found, channel="email", defaults={"address": "cto@company.example"}
    )
    found.refresh_from_db()
    return found


def test_it_compares_the_last_days_with_those_before_and_not_with_itself(resolved):
    resolved()
    found = improvement(30, at=after(days=2))

    assert found.before.window.until == found.now.window.since
    assert (found.lines[0].now.n, found.lines[0].before.n) == (1, 0)
    assert found.lines[0].change.verdict == "too_few"


def test_of_a_house_without_incidents_there_is_a_report_without_a_crash(seeded):
    assert [line.better for line in improvement(30, at=FIRST).lines] == [None] * 8


def test_on_the_first_it_is_printed_once_and_told_once(resolved, manager):
    resolved()

    assert monthly.make_due(at=FIRST) == 2
    assert monthly.make_due(at=after(days=9)) == 0
    assert {one.language for one in ImprovementReport.objects.all()} == {"ko", "en"}
    assert all(bytes(one.pdf).startswith(b"%PDF") for one in ImprovementReport.objects.all())
    mail = Delivery.objects.get(template="improvement", recipient=manager)
    assert "Improvement report until 2026-12-01" in render(mail).subject
    assert "too few to compare" in render(mail).text


def test_before_breakfast_and_without_any_incident_nothing_is_printed(seeded, resolved):
    early = FIRST.replace(hour=0) - (FIRST - FIRST.replace(hour=10))
    assert monthly.make_due(at=early) == 0
    Incident.objects.all().delete()
    assert monthly.make_due(at=FIRST) == 0


def test_the_command_writes_a_file(resolved, tmp_path):
    resolved()
    made = tmp_path / "report.pdf"
    call_command("improvement_report", str(made), "--language", "en")

    assert made.read_bytes().startswith(b"%PDF")


def test_satisfaction_is_better_when_there_is_more_of_it():
    good, bad = ([Opinion(score, "", 1) for score in scores] for scores in ([5] * 6, [1, 2] * 3))
    change = satisfied(good, bad)
    empty = Figure(None, "of 5", 0)

    assert change.verdict == "more"
    assert Line("x", empty, empty, change, "", "", up=True).better is True
    assert satisfied(good[:2], bad).verdict == "too_few"


def test_the_console_lists_what_was_sent_and_opens_it(seeded):
    console = Client()
    console.force_login(User.objects.filter(role="administrator")[0])
    ImprovementReport.objects.create(
        days=30, until=FIRST.date(), language="ko", made_at=FIRST, pdf=b"%PDF-"
    )
    page = console.get("/console/postmortems/improvementreport/").content.decode()
    report = ImprovementReport.objects.get()

    assert f'href="{report.get_absolute_url()}"' in page
    assert (
        console.get(f"/console/postmortems/improvementreport/{report.pk}/change/").status_code
        == 200
    )

"""Checklists in the reports of periods: what is told of them, and when a quarter's report is mailed."""

from datetime import date, datetime, timedelta

import pytest

from maintenance.domain.checklists import is_told_of
from maintenance.domain.periods import Frequency, period_of
from maintenance.models import Checklist, Round
from maintenance.reporting import report_of
from maintenance.services import printing_reports
from maintenance.services.checklists import begin_due
from maintenance.services.mailing import mail_due
from notifications.models import Delivery
from notifications.rendering import render
from tests.maintenance.jobs import only
from tests.maintenance.rounds import MORNING, begun, checklist
from tests.maintenance.test_checklists import answer
from tests.maintenance.test_printing import text

A_DAY = timedelta(days=1)
OVER = datetime.fromisoformat("2026-12-31T15:30:00+00:00")  # half past midnight in Seoul


@pytest.mark.parametrize(
    ("frequency", "day", "signed", "told"),
    [
        ("daily", "2026-10-05", None, True),  # it begins
        ("daily", "2026-10-06", None, False),
        ("daily", "2026-11-15", None, True),  # it is due
        ("daily", "2026-11-16", None, True),  # it is late
        ("daily", "2026-11-16", "2026-11-10", False),
        ("daily", "2026-11-10", "2026-11-10", True),
        ("weekly", "2026-10-12", None, False),
        ("weekly", "2026-11-09", "2026-11-12", True),
        ("monthly", "2026-10-01", None, True),
        ("monthly", "2026-09-01", None, False),
        ("monthly", "2026-12-01", "2026-11-10", False),
        ("monthly", "2026-10-01", "2026-11-10", True),  # it was open then
        ("quarterly", "2026-10-01", "2026-11-10", True),
        ("quarterly", "2027-01-01", None, True),
    ],
)
def test_which_reports_tell_of_it(frequency, day, signed, told):
    period = period_of(Frequency(frequency), date.fromisoformat(day))
    given = {
        "begun": date(2026, 10, 5),
        "due": date(2026, 11, 15),
        "signed": date.fromisoformat(signed) if signed else None,
    }
    assert is_told_of(period, **given) is told


def signed(row, by, *, at):
    Round.objects.filter(pk=row.pk).update(signed_by=by, signed_at=at)


@pytest.fixture
def manager(everyone):
    return everyone["manager"]


@pytest.fixture
def no_jobs():
    with only():
        yield


def quarter():
    return Delivery.objects.filter(template="routine_report", context__frequency="quarterly")


@pytest.mark.django_db
def test_a_quarter_is_mailed_once_when_all_its_checklists_are_signed(no_jobs, manager):
    first = begun()
    second = checklist("other")
    begin_due(at=MORNING)
    signed(first, manager, at=MORNING + A_DAY)
    mail_due(at=MORNING + A_DAY)
    assert not quarter().exists()

    signed(second.rounds.get(), manager, at=MORNING + 2 * A_DAY)
    mail_due(at=MORNING + 2 * A_DAY)
    mail_due(at=OVER)

    words = render(quarter().get(recipient=manager))
    assert words.subject == "체크리스트 2026-Q4: 2개 가운데 2개 서명"
    assert "2026-10-07 정유진 서명, 0 / 2" in words.text
    quarter().delete()  # forgotten in time
    mail_due(at=OVER)
    assert not quarter().exists()


@pytest.mark.django_db
def test_what_is_not_signed_is_told_of_when_the_quarter_is_over(no_jobs, manager, everyone):
    row = begun()
    answer(row.answers.first(), everyone["responder"], "finding", note="노드 하나뿐")
    mail_due(at=OVER - A_DAY)
    assert not quarter().exists()

    begin_due(at=OVER)
    mail_due(at=OVER)

    words = render(quarter().get(recipient=manager))
    assert words.subject == "체크리스트 2026-Q4: 1개 가운데 0개 서명, 체크리스트 1개 기한 지남"
    assert "기한 2026-11-15 지남, 1 / 2 · 할 일 1개" in words.text
    assert "시험 목록 2026-Q4" in words.html


@pytest.mark.django_db
def test_page_and_pdf_tell_what_is_late_first(no_jobs, browser, manager):
    late, done = begun(), checklist("other")
    answer(late.answers.first(), manager, "finding", note="노드 하나뿐")
    begin_due(at=MORNING)
    signed(done.rounds.get(), manager, at=MORNING)
    Checklist.objects.filter(key="other").update(name_ko="다른 목록", name_en="Other list")
    period = late.period

    rows = report_of(period, at=OVER).rounds
    assert [(str(one.round.checklist.key), one.is_late) for one in rows] == [
        ("trial", True), ("other", False),
    ]  # fmt: skip

    address = f"/routine/reports/quarterly/{period.first}/"
    shown = browser("viewer").get(address).content.decode()
    assert late.get_absolute_url() in shown
    assert "노드 하나뿐" in shown
    assert address in browser("viewer").get("/routine/").content.decode()
    paper = printing_reports.ask(period, "en")
    printing_reports.print_due()
    paper.refresh_from_db()
    said = " ".join(text(bytes(paper.pdf)).split())
    assert "Other list 2026-Q4" in said
    assert "1 of 2 signed" in said


@pytest.mark.django_db
def test_a_paper_is_made_anew_when_a_checklist_moves_on(no_jobs, manager):
    row = begun()
    first = printing_reports.ask(row.period, "en")
    answer(row.answers.first(), manager)
    assert printing_reports.ask(row.period, "en").pk != first.pk

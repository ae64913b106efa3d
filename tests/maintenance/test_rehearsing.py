"""The quarter's drill, planned beside the checklist that asks for it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from maintenance.domain.periods import Frequency, Period, period_of
from maintenance.domain.rehearsing import drill_of, longest_ago
from maintenance.models import Checklist, Drill, DrillState, Round
from maintenance.services import drilling
from maintenance.services.checklists import answers_for, begin_due, load_checklists
from maintenance.services.rehearsing import CONTINUITY
from notifications.models import Delivery
from notifications.rendering import render
from tests.maintenance.rounds import MORNING, begun
from tests.race import at_once, raised

SEOUL = ZoneInfo("Asia/Seoul")


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("at", "due", "planned"),
    [
        ("2026-10-01 00:05", "2026-11-30", "2026-11-16 10:00"),  # a fortnight before
        ("2026-10-01 00:05", "2026-11-15", "2026-10-30 10:00"),  # no Sunday: the Friday before
        ("2026-11-30 08:00", "2026-12-14", "2026-12-07 10:00"),  # begun late: with notice
        ("2026-12-28 08:00", "2026-12-31", "2026-12-31 10:00"),  # but within the quarter
        ("2029-03-30 08:00", "2029-03-31", "2029-03-31 10:00"),  # the Friday is today
        ("2026-12-31 11:00", "2026-12-31", None),  # no time is left
    ],
)
def test_the_day_of_a_drill(at, due, planned):
    period = period_of(Frequency.QUARTERLY, date.fromisoformat(due))
    found = drill_of(period, due=date.fromisoformat(due), at=moment(at), held=[], zone=SEOUL)
    assert found == (planned and moment(planned))


@pytest.mark.parametrize(
    ("held", "planned"),
    [
        ("2026-09-30 23:59", True),
        ("2026-10-01 00:00", False),
        ("2026-12-31 23:59", False),
        ("2027-01-01 00:00", True),
    ],
)
def test_a_quarter_that_has_one_gets_no_other(held, planned):
    quarter = Period(Frequency.QUARTERLY, date(2026, 10, 1))
    found = drill_of(quarter, due=date(2026, 11, 30), at=MORNING, held=[moment(held)], zone=SEOUL)
    assert bool(found) is planned


@pytest.mark.parametrize(
    ("last", "first"),
    [({}, "a"), ({"a": 2}, "b"), ({"a": 2, "b": 1, "c": 3}, "b"), ({"a": 1, "b": 1}, "c")],
)
def test_what_was_not_gone_through_for_longest_is_next(last, first):
    days = {name: datetime(2026, 1, day, tzinfo=UTC) for name, day in last.items()}
    assert longest_ago(["a", "b", "c"], days) == first


@pytest.fixture
def continuity(everyone):
    load_checklists()
    Checklist.objects.exclude(key=CONTINUITY).update(enabled=False)
    return everyone


@pytest.mark.django_db(transaction=True)
def test_whoever_looks_twice_or_at_once_plans_one(continuity):
    assert raised(at_once(*[lambda: begin_due(at=MORNING)] * 4)) == []
    begin_due(at=MORNING)
    [drill] = Drill.objects.all()
    assert (drill.scenario, drill.way, drill.state) == ("site-loss", "tabletop", "planned")
    assert drill.lead == answers_for(Round.objects.get())
    [told] = Delivery.objects.filter(template="drill_planned")
    assert told.recipient == drill.lead


@pytest.mark.django_db
def test_one_that_is_planned_is_enough_and_one_that_is_called_off_does_not_come_back(continuity):
    drilling.plan(
        scenario="database", way="tabletop", severity="P2", planned_at=moment("2026-12-01 10:00"),
        by=continuity["commander"], at=MORNING,
    )  # fmt: skip
    begin_due(at=MORNING)
    [drill] = Drill.objects.all()
    drilling.call_off(drill, at=MORNING)
    begin_due(at=MORNING)
    assert Drill.objects.get().state == DrillState.OFF


@pytest.mark.django_db
def test_the_next_quarter_goes_through_something_else(continuity):
    begin_due(at=MORNING)
    Drill.objects.update(state=DrillState.DONE, began_at=moment("2026-11-16 10:00"))
    begin_due(at=moment("2027-01-01 00:05"))
    newest = Drill.objects.first()
    assert (newest.scenario, newest.planned_at) == ("data-recovery", moment("2027-02-16 10:00"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("ko", "저절로 계획됐어요"), ("en", "planned by itself")]
)
def test_the_lead_reads_when_it_is_and_where_to_change_it(continuity, language, words):
    begin_due(at=MORNING)
    told = Delivery.objects.get(template="drill_planned")
    told.language = language
    said = render(told)
    drill = Drill.objects.get()
    assert words in said.text
    assert drill.get_absolute_url() in said.short
    assert f"{timezone.localtime(drill.planned_at):%Y-%m-%d %H:%M}" in said.subject


@pytest.mark.django_db
def test_other_checklists_plan_none(everyone):
    begun()
    assert not Drill.objects.exists()


@pytest.mark.django_db
def test_the_page_of_the_checklist_leads_to_the_drill_of_its_quarter(browser, continuity):
    begin_due(at=MORNING)
    page = Round.objects.get().get_absolute_url()
    drill = Drill.objects.get()
    assert drill.get_absolute_url() in browser("viewer").get(page).content.decode()

    drilling.call_off(drill, at=MORNING)
    shown = browser("viewer").get(page).content.decode()
    assert drill.get_absolute_url() not in shown
    assert "계획한 훈련도, 진행한 훈련도 없어요." in shown

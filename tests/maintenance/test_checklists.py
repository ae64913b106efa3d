"""Checklists of people: when one is due, who may sign it, what two people do at once, and who is reminded."""

from datetime import date, datetime, timedelta

import pytest

from core import clock
from core.errors import Refused
from maintenance.domain.checklists import Answer, Why, due_of, why_not_signed
from maintenance.domain.periods import Frequency, Period
from maintenance.models import Checklist, ChecklistItem, Round, RoundAnswer, RoundFile
from maintenance.screens.routine_month import calendar
from maintenance.services import answering
from maintenance.services.answering import Overtaken
from maintenance.services.checklists import answers_for, begin_due, load_checklists, remind_due
from monitoring.models import MaintenanceWindow
from monitoring.services import plan_maintenance
from notifications.models import Delivery
from notifications.rendering import render
from teams.models import User
from tests.maintenance.rounds import MORNING, begun, checklist
from tests.race import at_once, raised

QUARTER = Period(Frequency.QUARTERLY, date(2026, 10, 1))
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.mark.parametrize(
    ("begun_on", "days", "due"),
    [
        ("2026-10-01", 45, "2026-11-15"),
        ("2026-11-30", 45, "2026-12-14"),  # begun late: two weeks
        ("2026-12-28", 45, "2026-12-31"),  # but not beyond its period
        ("2026-10-01", 5, "2026-10-15"),
    ],
)
def test_when_it_is_due(begun_on, days, due):
    assert due_of(QUARTER, days, begun=date.fromisoformat(begun_on)) == date.fromisoformat(due)


def said(by=1, said="fine", *, needs=False, evidence=False):
    return Answer(said, by, needs, evidence)


@pytest.mark.parametrize(
    ("answers", "more", "why"),
    [
        ([said(1), said(2)], {}, None),
        ([said(1), said(1)], {}, None),
        ([said(9), said(9)], {}, Why.ALONE),
        ([said(9), said(1)], {}, None),
        ([said(1), said(None, "")], {}, Why.UNANSWERED),
        ([said(1, needs=True)], {}, Why.EVIDENCE),
        ([said(1, needs=True, evidence=True)], {}, None),
        ([said(1, "not_ours", needs=True)], {}, None),
        ([said(1)], {"may_sign": False}, Why.ROLE),
        ([said(1)], {"signed": True}, Why.SIGNED),
    ],
)
def test_who_may_sign(answers, more, why):
    given = {"signer": 9, "may_sign": True, "signed": False} | more
    assert why_not_signed(answers, **given) == why


@pytest.mark.django_db
def test_those_that_come_with_bongsu_are_loaded_once_and_stay_the_administrators(db):
    load_checklists()
    kept = Checklist.objects.get(key="architecture_review")
    assert Checklist.objects.count() == 3
    assert all(one.text_ko and one.text_en for one in ChecklistItem.objects.all())
    ChecklistItem.objects.filter(checklist=kept).exclude(place=1).delete()
    Checklist.objects.filter(pk=kept.pk).update(name_en="Ours")

    assert load_checklists() == 0
    kept.refresh_from_db()
    assert (kept.name_en, kept.items.count()) == ("Ours", 1)


@pytest.mark.django_db
def test_one_round_a_quarter_however_often_somebody_looks(everyone):
    row = begun()
    assert begin_due(at=MORNING + timedelta(days=60)) == 0
    assert (str(row.period), row.answers.count()) == ("2026-Q4", 2)

    assert begin_due(at=MORNING + timedelta(days=100)) == 1
    assert [str(one.period) for one in Round.objects.all()] == ["2027-Q1", "2026-Q4"]


@pytest.mark.django_db
def test_a_round_keeps_the_words_with_which_it_began(everyone):
    row = begun()
    ChecklistItem.objects.filter(place=1, checklist=row.checklist).update(text_en="Other")
    ChecklistItem.objects.filter(place=2, checklist=row.checklist).delete()

    assert [one.text_en for one in row.answers.all()] == ["Item 1", "Item 2"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_begin_it_once(everyone):
    Checklist.objects.update(enabled=False)
    checklist()
    at_once(*[lambda: begin_due(at=MORNING)] * 4)

    assert Round.objects.count() == 1
    assert RoundAnswer.objects.count() == 2


def answer(row, who, text="fine", **more):
    given = {"note": "", "link": "", "seen": row.version} | more
    return answering.answer(row, text, **given, by=who, at=clock.database_now())


@pytest.mark.django_db
def test_what_was_answered_meanwhile_is_not_written_over_unread(everyone):
    mine = begun().answers.first()
    answer(mine, everyone["responder"], "finding", note="두 번째 노드가 없어요")

    with pytest.raises(Overtaken):
        answer(mine, everyone["commander"])

    fresh = answer(RoundAnswer.objects.get(pk=mine.pk), everyone["commander"])
    assert (fresh.said, fresh.by) == ("fine", everyone["commander"])


@pytest.mark.django_db
def test_who_saves_what_stands_there_has_not_answered_it(everyone):
    row = begun().answers.first()
    answer(row, everyone["responder"])

    kept = answer(row, everyone["commander"])

    assert kept.by == everyone["responder"]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told_that_the_other_was_faster(everyone):
    row = begun().answers.first()
    [slower] = raised(
        at_once(
            lambda: answer(row, everyone["responder"]),
            lambda: answer(row, everyone["commander"], "finding", note="x"),
        )
    )
    assert isinstance(slower, Overtaken)


@pytest.mark.django_db
@pytest.mark.parametrize("said_", ["finding", "not_ours"])
def test_a_finding_and_what_is_left_out_need_a_note(everyone, said_):
    with pytest.raises(Refused):
        answer(begun().answers.first(), everyone["responder"], said_)


@pytest.mark.django_db
def test_it_is_signed_by_a_second_person_and_changes_no_more(everyone):
    row = begun(evidence=1)
    first, second = row.answers.all()
    manager, at = everyone["manager"], clock.database_now()

    def refused():
        with pytest.raises(Refused) as why:
            answering.sign(row, remark="", by=manager, at=at)
        return str(why.value)

    assert "모든 항목" in refused()
    answer(first, manager), answer(second, manager)
    assert "링크도 파일도" in refused()
    answering.attach(first, "diagram.png", PNG, by=manager, at=at)
    assert "혼자" in refused()
    answer(RoundAnswer.objects.get(pk=second.pk), everyone["responder"], "finding", note="나중에")
    answering.sign(row, remark="좋아요", by=manager, at=at)

    row.refresh_from_db()
    assert (row.signed_by, row.remark) == (manager, "좋아요")
    for change in (
        lambda: answer(RoundAnswer.objects.get(pk=first.pk), manager, "not_ours", note="x"),
        lambda: answering.attach(first, "b.png", PNG + b"1", by=manager, at=at),
        lambda: answering.hand_over(row, to=manager, due=row.due, by=manager, at=at),
        lambda: answering.sign(row, remark="", by=manager, at=at),
        lambda: answering.remove_file(RoundFile.objects.get()),
    ):
        with pytest.raises(Refused):
            change()


@pytest.mark.django_db
def test_a_file_is_judged_by_its_content_and_kept_once(everyone):
    row, at = begun().answers.first(), clock.database_now()
    given = {"by": everyone["responder"], "at": at}

    one, again = (answering.attach(row, "a.png", PNG, **given) for _n in range(2))
    assert one == again
    with pytest.raises(Refused):
        answering.attach(row, "a.png", b"MZ\x90\0\0binary", **given)
    answering.remove_file(one)
    assert [(file.removed, hasattr(file, "content")) for file in row.files.all()] == [(True, False)]


def told(*words):
    rows = Delivery.objects.filter(template="checklist").order_by("created_at")
    return [
        (one.recipient_id, one.context["word"])
        for one in rows
        if one.context["word"] in (words or ("before", "after"))
    ]


@pytest.mark.django_db
def test_its_owner_is_reminded_once_before_it_is_due_and_once_after(everyone):
    row = begun(owner=everyone["manager"])
    noon = MORNING + (row.due - MORNING.date())
    steps = []
    for days in (-10, -3, -2, 0, 1, 2, 30):
        remind_due(at=noon + timedelta(days=days))
        steps.append(len(told()))

    assert steps == [0, 1, 1, 1, 2, 2, 2]
    assert {person for person, _step in told()} == {everyone["manager"].pk}
    shown = render(Delivery.objects.filter(template="checklist", context__word="before").get()).text
    assert "시험 목록 2026-Q4" in shown
    assert "아직 답이 없는 항목이 2개" in shown
    assert row.get_absolute_url() in shown


@pytest.mark.django_db
def test_its_owner_is_told_once_that_it_has_begun_and_not_by_night(everyone):
    night = MORNING - timedelta(hours=9)  # one o'clock
    row = begun(night, owner=everyone["manager"])
    begin_due(at=MORNING)

    assert told("begun") == [(everyone["manager"].pk, "begun")]
    kept = Delivery.objects.get(template="checklist")
    assert kept.due_at == MORNING - timedelta(hours=1)
    assert "시작" in render(kept).subject
    assert row.get_absolute_url() in render(kept).text


@pytest.mark.django_db
def test_whoever_it_is_handed_to_is_told_unless_they_took_it(everyone):
    row, lead, at = begun(), everyone["commander"], MORNING
    for to in (everyone["responder"], everyone["responder"], lead, None):
        answering.hand_over(row, to=to, due=row.due, by=lead, at=at)
    assert told("given") == [(everyone["responder"].pk, "given")]


@pytest.mark.django_db
def test_managers_are_told_once_when_nothing_is_missing_but_the_signature(everyone):
    row, manager, at = begun(evidence=1), everyone["manager"], clock.database_now()
    first, second = row.answers.all()
    answer(first, manager), answer(second, manager)
    assert told("ready") == []
    answering.attach(first, "diagram.png", PNG, by=manager, at=at)
    assert manager.pk not in [person for person, _word in told("ready")]  # they gave all answers

    answer(RoundAnswer.objects.get(pk=second.pk), everyone["responder"], note="봤어요")
    answer(RoundAnswer.objects.get(pk=second.pk), everyone["responder"], note="다시 봤어요")

    assert [person for person, _word in told("ready")].count(manager.pk) == 1
    kept = Delivery.objects.get(template="checklist", context__word="ready", recipient=manager)
    assert render(kept).subject == "[서명 차례] 시험 목록 2026-Q4"


@pytest.mark.django_db
def test_one_whose_owner_has_left_is_a_managers(everyone):
    row = begun(owner=everyone["commander"])
    User.objects.filter(pk=everyone["commander"].pk).update(is_active=False)
    found = answers_for(Round.objects.get(pk=row.pk))
    assert [one.role for one in (found,) if one] == ["manager"]


@pytest.mark.django_db
def test_nobody_is_reminded_of_what_is_signed_or_by_night(everyone):
    row = begun(owner=everyone["manager"])
    late = MORNING + (row.due - MORNING.date()) + timedelta(days=1)
    remind_due(at=late - timedelta(hours=8))  # two in the morning
    Round.objects.update(signed_by=everyone["manager"], signed_at=clock.database_now())
    remind_due(at=late)
    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once(everyone):
    row = begun(owner=everyone["manager"])
    late = MORNING + (row.due - MORNING.date()) + timedelta(days=1)
    at_once(*[lambda: remind_due(at=late)] * 4)
    assert len(told()) == 1


@pytest.mark.django_db
def test_a_new_date_is_reminded_of_anew(everyone):
    row = begun(owner=everyone["manager"])
    late = MORNING + (row.due - MORNING.date()) + timedelta(days=1)
    remind_due(at=late)
    later = row.due + timedelta(days=3)
    answering.hand_over(row, to=everyone["commander"], due=later, by=everyone["commander"], at=late)
    remind_due(at=late)
    assert [person for person, _step in told()] == [
        everyone["manager"].pk, everyone["commander"].pk,
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_calendar_shows_maintenance_on_each_day_and_checklists_when_they_are_due(everyone):
    row = begun()
    who, at = everyone["commander"], MORNING
    for name, starts, ends in (
        ("PostgreSQL", "2026-11-10T22:00+09:00", "2026-11-12T00:00+09:00"),
        ("gone", "2026-11-20T22:00+09:00", "2026-11-20T23:00+09:00"),
    ):
        span = [datetime.fromisoformat(one) for one in (starts, ends)]
        made = plan_maintenance(name, by=who, at=at, starts_at=span[0], ends_at=span[1])
    MaintenanceWindow.objects.filter(pk=made.pk).update(expired_at=at)  # called off

    days = {one.day: one.planned for one in calendar(date(2026, 11, 1), at=at)["days"]}

    named = {day.day: [one.name for one in marks] for day, marks in days.items() if marks}
    assert named == {
        10: ["22:00 PostgreSQL"], 11: ["PostgreSQL"], row.due.day: ["시험 목록 2026-Q4"],
    }  # fmt: skip

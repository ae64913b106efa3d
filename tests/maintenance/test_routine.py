"""Each job once a period: planned, claimed by one, performed, and told of when it failed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from core.errors import Refused
from maintenance.domain.periods import Frequency, Period, periods_between
from maintenance.job import Finding, Level, Outcome
from maintenance.models import LEASE, Routine, RoutineRun, Status, Why
from maintenance.reporting import report_of
from maintenance.screens.routine_month import calendar, month_of
from maintenance.services.mailing import mail_due
from maintenance.services.planning import plan_due, run_now
from maintenance.services.running import KEPT, claim, finish, give_back, perform, renew
from maintenance.words.routine import lines, summary
from monitoring.models import Alert
from notifications.models import Delivery
from notifications.rendering import render
from tests.maintenance.jobs import FINE, WRONG, job, only

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 11, 20, 12, tzinfo=SEOUL)
THREE = datetime(2026, 11, 21, 3, tzinfo=SEOUL)
A_DAY = timedelta(days=1)


@pytest.fixture
def looks():
    with only(looks=job()):
        plan_due(at=NOON)
        yield Routine.objects.get()


def planned(at=THREE):
    plan_due(at=at)
    return RoutineRun.objects.filter(status=Status.WAITING).first()


def statuses():
    return list(RoutineRun.objects.order_by("first", "pk").values_list("first", "status"))


def test_a_new_job_waits_for_its_hour_and_is_planned_once(looks):
    assert planned(THREE - timedelta(minutes=1)) is None
    assert planned().period.first == date(2026, 11, 21)
    assert not plan_due(at=THREE)
    assert RoutineRun.objects.count() == 1


def test_who_switched_it_off_is_left_alone(looks):
    Routine.objects.update(enabled=False)
    assert planned() is None


def test_after_three_days_of_downtime_the_newest_is_run_and_the_others_were_missed(looks):
    finish(claim_planned(), FINE, at=THREE)
    planned(THREE + 4 * A_DAY)
    assert statuses() == [
        (date(2026, 11, 21), Status.SUCCESS),
        (date(2026, 11, 22), Status.MISSED),
        (date(2026, 11, 23), Status.MISSED),
        (date(2026, 11, 24), Status.MISSED),
        (date(2026, 11, 25), Status.WAITING),
    ]


def test_what_was_planned_and_never_begun_is_missed_too(looks):
    planned()
    planned(THREE + A_DAY)
    assert [status for _first, status in statuses()] == [Status.MISSED, Status.WAITING]


def claim_planned(at=THREE):
    planned(at)
    return claim(at=at)


def test_of_two_only_one_gets_it(looks):
    assert claim_planned()
    assert claim(at=THREE) is None


def test_who_renews_keeps_it_and_who_does_not_loses_it_to_another(looks):
    run = claim_planned()
    assert renew(run, at=THREE + LEASE / 2)
    give_back(at=THREE + LEASE)
    assert claim(at=THREE + LEASE) is None

    give_back(at=THREE + 2 * LEASE)
    second = claim(at=THREE + 2 * LEASE)
    assert (second.pk, second.attempts) == (run.pk, 2)
    assert not renew(run, at=THREE + 2 * LEASE)
    assert not finish(run, WRONG, at=THREE + 2 * LEASE)
    assert finish(second, FINE, at=THREE + 2 * LEASE)
    assert RoutineRun.objects.get().status == Status.SUCCESS


def test_whoever_dies_twice_of_it_leaves_a_failure_and_an_alert(looks):
    claim_planned()
    give_back(at=THREE + LEASE)
    claim(at=THREE + LEASE)
    give_back(at=THREE + 2 * LEASE)
    run = RoutineRun.objects.get()
    assert (run.status, run.why) == (Status.FAILED, Why.LOST)
    assert Alert.objects.open().count() == 1


def test_what_only_another_version_knows_keeps_nobody_from_their_work(looks):
    with only(gone=job()):
        plan_due(at=NOON)
        claim_planned()
    RoutineRun.objects.update(attempts=2)
    late = THREE + LEASE
    give_back(at=late)
    assert claim_planned(late).routine == looks


def test_what_it_found_is_kept_and_said(looks):
    run = claim_planned()
    perform(run)
    run.refresh_from_db()
    assert (run.status, run.figures) == (Status.SUCCESS, {"seen": 3})
    assert [line.text for line in lines(run)] == ["3 seen"]
    assert run.took is not None


def test_of_very_many_findings_the_worst_are_kept_and_the_others_counted(looks):
    fine, wrong = (Finding("seen", {"count": 1}, level) for level in (Level.FINE, Level.BAD))
    finish(claim_planned(), Outcome([fine] * 100_000 + [wrong]), at=THREE)
    said = lines(RoutineRun.objects.get())
    assert len(said) == KEPT + 1
    assert said[0].level is Level.BAD
    with translation.override("en"):
        assert lines(RoutineRun.objects.get())[-1].text == "99,501 more are not kept."


def test_an_error_is_a_failure_with_its_text():
    def breaks(_at):
        raise ConnectionError("nobody answers")

    with only(looks=job(breaks)):
        plan_due(at=NOON)
        run = claim_planned()
        perform(run)
        assert (run.status, run.why) == (Status.FAILED, Why.RAISED)
        assert "ConnectionError: nobody answers" in summary(run)


def test_a_failure_raises_one_alert_and_the_next_success_ends_it(looks):
    finish(claim_planned(), WRONG, at=THREE)
    alert = Alert.objects.open().get()
    assert "0 seen" in alert.description
    assert alert.severity == "P3"

    finish(claim_planned(THREE + A_DAY), FINE, at=THREE + A_DAY)
    assert not Alert.objects.open().exists()
    assert not Routine.objects.get().failing


def test_one_that_is_switched_off_in_the_console_leaves_no_alert(looks, everyone, client):
    finish(claim_planned(), WRONG, at=THREE)
    client.force_login(everyone["administrator"])
    said = {"hour": "04:30", "severity": "P3"}

    client.post(f"/console/maintenance/routine/{looks.pk}/change/", said)

    row = Routine.objects.get()
    assert (row.enabled, row.hour.hour, row.failing) == (False, 4, False)
    assert not Alert.objects.open().exists()


def test_the_page_of_a_job_asks_for_itself_while_it_runs(looks, browser, commander):
    def asks():
        return 'hx-trigger="every' in browser("viewer").get("/routine/looks/").content.decode()

    run_now(looks, by=commander, at=NOON)
    assert asks()
    finish(claim(at=NOON), FINE, at=NOON)
    assert not asks()


def test_somebody_may_ask_for_one_more_but_not_for_two_at_once(looks, commander):
    run = run_now(looks, by=commander, at=NOON)
    with pytest.raises(Refused):
        run_now(looks, by=commander, at=NOON)
    finish(claim(at=NOON), FINE, at=NOON)
    assert run.period is None
    assert planned().period.first == date(2026, 11, 21)


def test_one_that_was_asked_for_delays_that_of_the_period_and_loses_it_not(looks, commander):
    run_now(looks, by=commander, at=THREE)
    asked = claim_planned()
    assert asked.first is None
    assert claim(at=THREE) is None
    finish(asked, FINE, at=THREE)
    assert claim_planned().first == date(2026, 11, 21)


@pytest.fixture
def two(looks):
    """Two jobs of a day, the second of which failed yesterday and today."""
    with only(looks=job(), other=job()):
        plan_due(at=NOON)
        yield


def day_of(at, *outcomes):
    plan_due(at=at)
    while run := claim(at=at):
        finish(run, FINE if run.routine.name == "looks" else outcomes[0], at=at)


def test_the_report_of_a_day_is_mailed_once_and_only_when_all_is_done(two, commander):
    plan_due(at=THREE)
    finish(claim(at=THREE), FINE, at=THREE)
    assert mail_due(at=THREE) == 0

    commander.contacts.update_or_create(channel="email", address="c@example.com")
    finish(claim(at=THREE), WRONG, at=THREE)
    assert mail_due(at=THREE) > 0
    assert mail_due(at=THREE) == 0
    mail = Delivery.objects.filter(template="routine_report", recipient=commander).get()
    assert (mail.context["failed"], mail.context["ran"]) == (1, 2)
    words = render(mail)
    assert "2026-11-21" in words.subject
    assert "0 seen" in words.text


def test_what_turned_since_the_day_before_is_said_in_the_report(two):
    day_of(THREE, WRONG)
    day_of(THREE + A_DAY, FINE)
    report = report_of(Period(Frequency.DAILY, date(2026, 11, 22)), at=THREE + A_DAY)
    assert [(one.routine.name, one.turned) for one in report.entries] == [
        ("looks", ""), ("other", "better"),
    ]  # fmt: skip
    assert (report.succeeded, report.failed) == (2, 0)
    courses = [one.course for one in report.entries if one.course]
    assert [(one.marks, one.failed) for one in courses] == [("✓ ✓", 0), ("✕ ✓", 1)]


def test_nothing_is_mailed_of_what_is_long_over(two, commander):
    day_of(THREE, FINE)
    assert mail_due(at=THREE + 8 * A_DAY) == 0


def test_a_month_that_was_caught_up_late_is_mailed_all_the_same(commander):
    with only(looks=job(frequency=Frequency.MONTHLY)):
        plan_due(at=NOON)
        late = datetime(2026, 12, 19, 12, tzinfo=SEOUL)
        finish(claim_planned(late), FINE, at=late)
        commander.contacts.update_or_create(channel="email", address="c@example.com")
        assert mail_due(at=late) > 0


def test_a_far_month_is_not_reckoned_day_by_day_from_now_on(looks, monkeypatch):
    seen = []

    def counted(*asked):
        for period in periods_between(*asked):
            seen.append(period)
            yield period

    monkeypatch.setattr("maintenance.screens.routine_month.periods_between", counted)
    shown = calendar(month_of("2998-12", at=THREE), at=THREE)
    assert all(one.due == ["03:00 Looks"] for one in shown["days"])
    assert len(seen) == len(shown["days"])


def test_the_month_shows_what_was_done_and_what_is_due(two):
    day_of(THREE, WRONG)
    shown = calendar(month_of("2026-11", at=THREE), at=THREE)
    days = {one.day: one for one in shown["days"]}
    assert (min(days), max(days)) == (date(2026, 10, 26), date(2026, 12, 6))
    assert sorted(item.tone for item in days[date(2026, 11, 21)].done) == ["good", "p1"]
    assert days[date(2026, 11, 22)].due == ["03:00 Looks", "03:00 Looks"]
    assert not days[date(2026, 11, 20)].due
    assert month_of("2026-13", at=THREE) == month_of("", at=THREE) == date(2026, 11, 1)

"""What is kept of routine work, and for how long."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock
from maintenance.models import (
    Backup,
    BackupPlan,
    RestoreTest,
    Routine,
    RoutinePaper,
    RoutineRun,
    Status,
)
from maintenance.services.planning import plan_due
from maintenance.services.upkeep import prune_backups, prune_runs
from tests.maintenance.jobs import job, only

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Seoul"))
A_DAY = timedelta(days=1)


@pytest.fixture
def looks():
    with only(looks=job()):
        plan_due(at=NOON)
        yield Routine.objects.get()


def kept(routine, age, status=Status.SUCCESS):
    due = NOON - age * A_DAY
    ended = {"started_at": due, "ended_at": due} if status == Status.SUCCESS else {}
    return RoutineRun.objects.create(
        routine=routine, first=due.date(), due_at=due, status=status,
        evidence={"seen": 3}, findings=[{"code": "seen", "facts": {"count": 3}}], **ended,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("age", "left"), [(89, {"seen": 3}), (91, {}), (799, {}), (801, None)]
)  # fmt: skip
def test_a_run_loses_its_evidence_first_and_goes_later(looks, age, left):
    run = kept(looks, age)
    prune_runs(at=NOON)
    found = RoutineRun.objects.filter(pk=run.pk).first()
    assert (found.evidence if found else None) == left
    assert found is None or found.findings


def test_what_waits_still_is_left_alone_and_what_was_missed_goes(looks):
    waiting = kept(looks, 900, Status.WAITING)
    kept(looks, 901, Status.MISSED)
    prune_runs(at=NOON)
    assert list(RoutineRun.objects.all()) == [waiting]


def test_the_report_of_a_period_without_runs_goes_with_them(looks):
    facts = {"language": "ko", "frequency": "daily", "requested_at": NOON}
    RoutinePaper.objects.create(first=date(2024, 9, 1), digest="a", **facts)
    young = RoutinePaper.objects.create(first=date(2024, 10, 1), digest="b", **facts)
    prune_runs(at=NOON)
    assert list(RoutinePaper.objects.all()) == [young]


@pytest.mark.parametrize(("age", "said"), [(30, False), (120, True)])
def test_the_page_of_an_old_run_says_where_its_evidence_went(client, commander, looks, age, said):
    due = clock.now() - age * A_DAY
    run = RoutineRun.objects.create(
        routine=looks, due_at=due, started_at=due, ended_at=due, status=Status.SUCCESS
    )
    client.force_login(commander)
    shown = client.get(run.get_absolute_url()).content.decode()
    assert ("증거 자료는 90일" in shown) is said


@pytest.fixture
def old():
    """Of a plan with a backup each day for three years: only the newest still lies there."""
    plan = BackupPlan.objects.get(name="portal")
    moments = [NOON - age * A_DAY for age in (0, 799, 801, 802)]
    rows = [
        Backup(plan=plan, period=at, begun_at=at, ended_at=at, made_at=at, state=state)
        for at, state in zip(moments, ["made", "gone", "gone", "failed"], strict=True)
    ]
    for row in Backup.objects.bulk_create(rows):
        RestoreTest.objects.create(
            plan=plan, backup=row, begun_at=row.begun_at, ended_at=row.begun_at, state="passed",
            rpo_seconds=1, rto_seconds=1,
        )  # fmt: skip
    return rows


def test_what_is_known_of_backups_that_are_long_gone_goes_too(old):
    prune_backups(at=NOON)
    assert list(Backup.objects.all()) == old[:2]
    assert [one.backup for one in RestoreTest.objects.all()] == old[:2]


def test_what_still_lies_there_stays_known_and_what_was_asked_for_is_not_made_again(old):
    Backup.objects.filter(pk=old[3].pk).update(state="made")
    BackupPlan.objects.update(asked_at=old[2].period)
    prune_backups(at=NOON)
    assert list(Backup.objects.all()) == old
    assert [one.backup for one in RestoreTest.objects.all()] == [*old[:2], old[3]]

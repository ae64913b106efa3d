"""A backup a period: at its hour, caught up once, and never twice."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.utils.translation import override
from psycopg2.extensions import parse_dsn

from core.errors import Refused
from maintenance.domain.nightly import outdated, period_of
from maintenance.models import Backup, BackupPlan, BackupState, RestoreTest
from maintenance.services.alone import alone
from maintenance.services.asking_backups import Busy, ask_backup, busy
from maintenance.services.asking_restored import url_of
from maintenance.services.backups import AGAIN, TRIES, back_up, back_up_due
from maintenance.words.backups import sentence
from runbooks.inventory import own
from tests.maintenance.backed_up import database, plan_of
from tests.runbooks.databases import until

SEOUL = ZoneInfo("Asia/Seoul")
NIGHT = datetime(2026, 11, 29, 18, tzinfo=UTC)  # 03:00 in Seoul
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "every", "due"),
    [
        (NIGHT, 24, NIGHT),
        (NIGHT - MINUTE, 24, NIGHT - DAY),
        (NIGHT + 23 * HOUR, 24, NIGHT),
        (NIGHT + 59 * MINUTE, 1, NIGHT),
        (NIGHT + 61 * MINUTE, 1, NIGHT + HOUR),
        (NIGHT - MINUTE, 8, NIGHT - 8 * HOUR),
    ],
)
def test_the_last_moment_at_which_one_was_due(at, every, due):
    assert period_of(at, hour=3, every=every, zone=SEOUL) == due


def test_an_hour_that_the_clocks_leave_out_is_still_one_period():
    zone = ZoneInfo("America/New_York")
    moments = [datetime(2026, 3, 7, tzinfo=UTC) + n * 10 * MINUTE for n in range(6 * 24 * 3)]
    found = {period_of(at, hour=3, every=24, zone=zone) for at in moments}
    assert len(found) == 4


def test_an_hour_that_the_clocks_say_twice_is_one_period_by_day_and_two_by_the_hour():
    zone = ZoneInfo("America/New_York")
    moments = [datetime(2026, 10, 31, 6, tzinfo=UTC) + n * 10 * MINUTE for n in range(6 * 48)]
    daily, hourly = (
        [period_of(at, hour=1, every=every, zone=zone) for at in moments] for every in (24, 1)
    )
    assert len(set(daily)) == 3
    assert daily == sorted(daily)
    assert len(set(hourly)) == 48


@pytest.mark.parametrize(
    ("ages", "days", "gone"),
    [
        ([], 3, []),
        ([0, 24, 48, 72], 3, [72]),
        ([0, 1, 2, 3], 1, []),
        ([0, 24, 25, 26, 48], 3, [25, 26]),
        ([2000], 3, []),
        ([2000, 2024], 3, [2024]),
        ([0, 2000], 3, [2000]),
    ],
)
def test_the_last_of_each_day_is_kept(ages, days, gone):
    made = [NIGHT - timedelta(hours=age) for age in ages]
    found = outdated(made, days=days, at=NIGHT + MINUTE, zone=SEOUL)
    assert sorted((NIGHT - one) / HOUR for one in found) == gone


@pytest.fixture(scope="module")
def where(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), database() as found:
        yield found


@pytest.fixture
def plan(db, where, tmp_path):
    BackupPlan.objects.update(enabled=False)
    made = plan_of(where, tmp_path, hour=3)
    BackupPlan.objects.filter(pk=made.pk).update(created_at=NIGHT - 10 * DAY)
    return made


def test_nothing_is_due_before_the_first_night(plan):
    BackupPlan.objects.filter(pk=plan.pk).update(created_at=NIGHT + MINUTE)
    assert back_up_due(at=NIGHT + HOUR) == []


def test_each_night_has_one_and_three_missed_nights_have_one(plan, tmp_path):
    assert len(back_up_due(at=NIGHT + MINUTE)) == 1
    assert [back_up_due(at=NIGHT + n * HOUR) for n in range(1, 24)] == [[]] * 23
    assert len(back_up_due(at=NIGHT + 3 * DAY + 5 * HOUR)) == 1
    assert [row.period for row in plan.backups.order_by("pk")] == [NIGHT, NIGHT + 3 * DAY]
    assert len(list(tmp_path.glob("*.json"))) == 2


def test_one_whose_maker_died_is_made_again_and_not_for_ever(plan, tmp_path):
    row = Backup.objects.create(plan=plan, period=NIGHT, begun_at=NIGHT)
    [again] = back_up_due(at=NIGHT + MINUTE)
    assert (again.pk, again.tries, again.state) == (row.pk, 2, BackupState.MADE)
    Backup.objects.update(state=BackupState.RUNNING, tries=TRIES)
    Path(tmp_path, f"{again.stem}.json").unlink()
    assert back_up_due(at=NIGHT + 2 * MINUTE) == []
    assert [one.code for one in Backup.objects.get().told] == ["killed"]


@pytest.mark.parametrize("period", [None, NIGHT - DAY], ids=["by hand", "of an earlier night"])
def test_one_whose_maker_died_in_another_period_is_ended_with_the_reason(plan, period):
    row = Backup.objects.create(plan=plan, period=period, begun_at=NIGHT - DAY)
    [made] = back_up_due(at=NIGHT + MINUTE)
    row.refresh_from_db()
    assert (row.state, [one.code for one in row.told]) == (BackupState.FAILED, ["stopped"])
    assert made != row


def test_also_of_a_plan_that_was_switched_off_meanwhile(plan):
    row = Backup.objects.create(plan=plan, period=NIGHT, begun_at=NIGHT)
    BackupPlan.objects.filter(pk=plan.pk).update(enabled=False)
    assert back_up_due(at=NIGHT + MINUTE) == []
    row.refresh_from_db()
    assert row.state == BackupState.FAILED


def test_one_that_lies_there_whole_is_known_again_by_the_database_that_was_restored_from_it(plan):
    """In what a backup of the portal shows, its own row is under way."""
    [made] = back_up_due(at=NIGHT + MINUTE)
    Backup.objects.update(state=BackupState.RUNNING, ended_at=None, stem="", sha256="", rows=0)
    assert back_up_due(at=NIGHT + HOUR) == []
    row = Backup.objects.get()
    assert (row.state, row.stem, row.rows) == (BackupState.MADE, made.stem, made.rows)


def test_a_store_where_nothing_is_deleted_does_not_spoil_what_was_just_made(plan, monkeypatch):
    BackupPlan.objects.filter(pk=plan.pk).update(keep_days=1)
    back_up_due(at=NIGHT + MINUTE)

    def denied(*_):
        raise PermissionError("not allowed to delete")

    monkeypatch.setattr("maintenance.places.Folder.delete", denied)
    [made] = back_up_due(at=NIGHT + 2 * DAY + MINUTE)
    assert (made.state, Backup.objects.made().count()) == (BackupState.MADE, 2)


def test_one_that_was_asked_for_is_made_once_beside_the_night(plan):
    back_up_due(at=NIGHT + MINUTE)
    ask_backup(plan, at=NIGHT + HOUR)
    assert busy(plan) == Busy.ASKED
    [made] = back_up_due(at=NIGHT + HOUR + MINUTE)
    assert (made.period, made.state) == (NIGHT + HOUR, BackupState.MADE)
    assert back_up_due(at=NIGHT + HOUR + 2 * MINUTE) == []
    assert busy(plan) == Busy.NOT


def test_what_was_asked_for_and_the_night_are_made_one_after_the_other(plan):
    ask_backup(plan, at=NIGHT + MINUTE)
    made = [back_up_due(at=NIGHT + n * MINUTE) for n in (2, 7, 12)]
    assert [[one.period for one in found] for found in made] == [[NIGHT + MINUTE], [NIGHT], []]


def test_while_one_is_made_nobody_asks_for_another_unless_its_maker_is_dead(plan):
    Backup.objects.create(plan=plan, period=NIGHT, begun_at=NIGHT)
    with alone(plan):
        assert busy(plan) == Busy.MAKING
        with pytest.raises(Refused):
            ask_backup(plan, at=NIGHT + HOUR)
    ask_backup(plan, at=NIGHT + HOUR)


def test_why_it_could_not_be_made_is_read_in_both_languages(plan):
    BackupPlan.objects.filter(pk=plan.pk).update(place="env:NOBODY_SET_THIS")
    [failed] = back_up_due(at=NIGHT + MINUTE)
    [flaw] = failed.told
    english, korean = (in_the_language(flaw, language) for language in ("en", "ko"))
    assert "The variable that the place of" in english
    assert "환경 변수" in korean


def in_the_language(flaw, language):
    with override(language):
        return sentence(flaw)


def test_one_that_failed_waits_before_the_next_attempt(plan):
    plan.database.address = plan.database.address.replace("dbname=", "dbname=no_")
    plan.database.save()
    [failed] = back_up_due(at=NIGHT + MINUTE)
    assert [one.code for one in failed.told] == ["not_made"]
    assert back_up_due(at=NIGHT + 2 * MINUTE) == []
    later = [back_up_due(at=NIGHT + MINUTE + n * AGAIN) for n in range(1, 5)]
    assert [len(one) for one in later] == [1, 1, 0, 0]


def test_old_ones_go_and_others_files_stay(plan, tmp_path):
    (tmp_path / "kept_other-20200101T000000Z.dump").write_text("somebody else's, and in the making")
    BackupPlan.objects.filter(pk=plan.pk).update(keep_days=2)
    for night in range(4):
        assert len(back_up_due(at=NIGHT + night * DAY + MINUTE)) == 1
    stems = set(plan.backups.made().values_list("stem", flat=True))
    assert len(stems) == 2
    assert {path.stem for path in tmp_path.glob("*.json")} == stems
    assert (tmp_path / "kept_other-20200101T000000Z.dump").exists()
    assert plan.backups.filter(state=BackupState.GONE).count() == 2


def test_the_last_one_that_was_proved_stays_until_another_is(plan):
    BackupPlan.objects.filter(pk=plan.pk).update(keep_days=1)
    [first] = back_up_due(at=NIGHT + MINUTE)
    proof = {"begun_at": NIGHT, "state": "passed", "rpo_seconds": 1, "rto_seconds": 1}
    RestoreTest.objects.create(plan=plan, backup=first, **proof)
    made = [first] + [back_up_due(at=NIGHT + n * DAY + MINUTE)[0] for n in (1, 2, 3)]
    assert set(plan.backups.made()) == {first, made[-1]}
    RestoreTest.objects.create(plan=plan, backup=made[-1], **proof | {"begun_at": NIGHT + 3 * DAY})
    made += back_up_due(at=NIGHT + 4 * DAY + MINUTE)
    assert set(plan.backups.made()) == set(made[-2:])


def test_what_was_never_finished_goes_after_a_day_and_nothing_of_others(plan, tmp_path):
    name = parse_dsn(plan.database.address)["dbname"]
    ours, fresh = (tmp_path / f"{name}-2020010{n}T000000Z.dump" for n in (1, 2))
    others = [
        tmp_path / one for one in ("ledger.dump", f"x{name}-20200101T000000Z.dump", f"{name}.new")
    ]
    for path in (ours, fresh, *others):
        path.touch()
    for path in (ours, *others):
        os.utime(path, (0, 0))
    back_up_due(at=NIGHT + MINUTE)
    assert not ours.exists()
    assert all(path.exists() for path in (fresh, *others))


@pytest.mark.django_db(transaction=True)
def test_of_many_that_look_at_once_one_makes_it(where, tmp_path):
    BackupPlan.objects.update(enabled=False)
    plan = plan_of(where, tmp_path)
    BackupPlan.objects.filter(pk=plan.pk).update(created_at=NIGHT - DAY)

    def look(_number):
        try:
            return len(back_up_due(at=NIGHT + MINUTE))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(look, range(6))) == 1
    assert plan.backups.count() == 1


DIES = """
import os, signal, sys, django
from datetime import datetime
django.setup()
from integrations import backups as house
from maintenance.services.backups import back_up_due
house._written = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
back_up_due(at=datetime.fromisoformat(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_while_one_is_made_a_command_is_told_so(where, tmp_path):
    plan = plan_of(where, tmp_path)

    def another():
        try:
            with alone(plan) as ours:
                assert ours
                begun.set()
                ends.wait(10)
        finally:
            connection.close()

    begun, ends = Event(), Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(another)
        assert begun.wait(10)
        with pytest.raises(Refused):
            back_up(plan, at=NIGHT)
        ends.set()
    assert back_up(plan, at=NIGHT).state == BackupState.MADE


@pytest.mark.django_db(transaction=True)
def test_a_maker_that_is_killed_after_the_dump_is_followed_by_another(where, tmp_path):
    BackupPlan.objects.update(enabled=False)
    plan = plan_of(where, tmp_path)
    BackupPlan.objects.filter(pk=plan.pk).update(created_at=NIGHT - DAY)
    env = os.environ | {"DATABASE_URL": url_of(own()), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", DIES, NIGHT.isoformat()]
    assert subprocess.run(command, env=env, cwd=settings.BASE_DIR, check=False).returncode == -9
    assert Backup.objects.get().state == BackupState.RUNNING
    assert [path.suffix for path in tmp_path.iterdir()] == [".dump"]
    [made] = until(lambda: back_up_due(at=NIGHT + MINUTE))  # its session ends a moment after it
    assert (made.state, made.tries) == (BackupState.MADE, 2)
    assert [path.stem for path in tmp_path.glob("*.json")] == [made.stem]

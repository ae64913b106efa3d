"""What the page and the API say of backups, in the reader's language."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.errors import Refused
from maintenance.models import Backup, BackupPlan, RestoreTest, RoutineRun
from maintenance.services.asking_backups import ask_backup
from maintenance.services.planning import know_jobs

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def portal(seeded):
    plan = BackupPlan.objects.get(name="portal")
    at = clock.now() - 2 * HOUR
    flawed = {"flaws": [{"code": "table_missing", "table": "public.users"}]}
    facts = {"begun_at": at, "ended_at": at, "made_at": at, "state": "made", "stem": "bongsu-1"}
    Backup.objects.create(plan=plan, size=10_000_000, tables=3, rows=12_345, **facts)
    RestoreTest.objects.create(
        plan=plan, state="failed", begun_at=at, ended_at=at, rpo_seconds=1, rto_seconds=1,
        took_seconds=61, stages={"restore": 58.0}, **flawed,
    )  # fmt: skip
    return plan


def page(client, user, language):
    user.language = language
    user.save()
    client.force_login(user)
    return client.get("/backups/").content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["2 h old", "RPO 1 d 2 h", "The table public.users is missing.", "12,345", "1 min 1 s"]),
        ("ko", ["2시간 전 백업", "RPO 1일 2시간", "public.users 테이블이 없어요.", "12,345", "1분 1초"]),
    ],
)  # fmt: skip
def test_the_page_says_how_old_and_what_is_wrong(client, commander, portal, language, words):
    shown = page(client, commander, language)
    assert [word for word in words if word not in shown] == []


def test_a_fresh_plan_says_when_the_first_one_comes(client, commander, seeded):
    shown = page(client, commander, "en")
    assert "No backup yet" in shown
    assert "Back up now" in shown


def test_one_of_two_months_ago_is_old_and_not_none(client, commander, portal):
    long_ago = clock.now() - timedelta(days=60)
    portal.backups.update(begun_at=long_ago, ended_at=long_ago, made_at=long_ago)
    shown = page(client, commander, "en")
    assert "60 d" in shown
    assert "No backup yet" not in shown


def test_an_rpo_as_long_as_the_field_takes_breaks_no_page(client, commander, portal):
    BackupPlan.objects.update(rpo_minutes=2**31 - 1)
    assert "2 h old" in page(client, commander, "en")


def test_who_presses_sees_that_it_is_asked_for_and_a_second_press_asks_for_nothing_more(
    client, commander, seeded
):
    plan = BackupPlan.objects.get(name="portal")
    page(client, commander, "en")
    for _press in range(2):
        client.post(f"/backups/{plan.pk}/back-up/")
        asked, plan = plan.asked_at, BackupPlan.objects.get(pk=plan.pk)
    assert asked == plan.asked_at is not None
    shown = page(client, commander, "en")
    assert "A backup was asked for and begins within minutes." in shown
    assert "It is running already, or about to." in shown


def test_a_backup_is_asked_for_by_the_api_too(client, commander, seeded):
    plan = BackupPlan.objects.get(name="portal")
    client.force_login(commander)
    answers = [client.post(f"/api/v1/backup-plans/{plan.pk}/back-up/") for _press in range(2)]
    assert [one.status_code for one in answers] == [202, 409]
    assert answers[0].json()["asked_at"]


def test_of_a_plan_that_is_switched_off_nobody_asks_for_a_backup(client, commander, seeded):
    BackupPlan.objects.update(enabled=False)
    plan = BackupPlan.objects.get(name="portal")
    with pytest.raises(Refused):
        ask_backup(plan, at=clock.database_now())
    assert "Back up now" not in page(client, commander, "en")


def test_the_proof_is_the_routine_job_once_more_and_two_presses_are_one(client, commander, seeded):
    know_jobs(at=clock.database_now())
    shown = page(client, commander, "en")
    assert "Prove that the backups come back?" in shown
    for _press in range(2):
        client.post("/backups/prove/")
    run = RoutineRun.objects.get()
    assert (run.routine.name, run.by, run.first) == ("disaster_recovery_test", commander, None)
    shown = page(client, commander, "en")
    assert "begins within a minute" in shown
    assert run.get_absolute_url() in shown


def test_who_only_reads_sees_no_button(client, everyone, seeded):
    know_jobs(at=clock.database_now())
    shown = page(client, everyone["responder"], "en")
    assert "Back up now" not in shown
    assert "Prove it now" not in shown


def test_without_a_plan_the_page_teaches(client, commander, seeded):
    BackupPlan.objects.all().delete()
    assert "Nothing is backed up" in page(client, commander, "en")


def test_the_api_names_each_flaw_for_programs_and_for_people(client, commander, portal):
    client.force_login(commander)
    [test] = client.get("/api/v1/restore-tests/?plan=portal").json()["results"]
    [flaw] = test["flaws"]
    assert (flaw["code"], flaw["text"]) == ("table_missing", "public.users 테이블이 없어요.")
    assert client.get("/api/v1/backups/?plan=other").json()["results"] == []
    assert client.get("/api/v1/backup-plans/").json()["results"][0]["rpo_minutes"] == 1560


@pytest.mark.parametrize(
    ("place", "least", "wrong"),
    [("backups", "", "place"), ("https://a:b@c/d", "", "place"), ("/x", "users", "least")],
)
def test_a_plan_that_cannot_work_is_refused_where_it_is_written(place, least, wrong):
    with pytest.raises(ValidationError) as refused:
        BackupPlan(name="x", place=place, least=least).full_clean()
    assert list(refused.value.message_dict) == [wrong]

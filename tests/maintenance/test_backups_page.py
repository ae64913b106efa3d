"""What the page and the API say of backups, in the reader's language."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core import clock
from maintenance.models import Backup, BackupPlan, RestoreTest

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
    assert "manage.py backup portal" in shown


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

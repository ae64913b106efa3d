"""What is wrong with a backup calls somebody, by its name, and is over when it is mended."""

from datetime import timedelta

import pytest
from django.utils import translation

from core import clock
from maintenance import tasks
from maintenance.models import Backup, BackupPlan, BackupState, RestoreTest, RestoreTestState
from maintenance.services.alone import LOOKING
from maintenance.services.backups import back_up
from maintenance.services.restoring import test_restore as restore_test
from maintenance.services.watching_backups import look_again, watch_backups
from monitoring.models import Alert
from runbooks.inventory import own
from tests.maintenance.backed_up import ONE, Kept, database, plan_of, root
from tests.runbooks.databases import session, until

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def where(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), database() as found:
        yield found


@pytest.fixture
def kept(where, tmp_path, settings):
    settings.RESTORE_SERVER = root()
    BackupPlan.objects.update(enabled=False)
    return Kept(plan_of(where, tmp_path), where)


def firing():
    return sorted(
        one.labels["flaw"] for one in Alert.objects.open().filter(key__startswith="backup:")
    )


def test_a_sound_and_young_one_calls_nobody(kept):
    watch_backups(at=clock.now())
    assert firing() == []


def test_one_that_grows_too_old_is_told_once_and_over_with_the_next(kept):
    at = clock.now() + 27 * HOUR
    watch_backups(at=at)
    watch_backups(at=at + HOUR)
    [alert] = Alert.objects.open()
    assert (alert.labels["flaw"], alert.severity, alert.count) == ("too_old", "P2", 1)
    assert "ledger" in alert.title
    assert alert.translations["en"]["title"].startswith(
        "Backup of ledger: The newest backup is 1 d 3 h"
    )
    Backup.objects.update(made_at=at)
    watch_backups(at=at)
    assert firing() == []


def test_none_at_all_is_told_when_the_first_one_is_overdue(kept):
    Backup.objects.all().delete()
    watch_backups(at=clock.now() + 25 * HOUR)
    assert firing() == []
    watch_backups(at=clock.now() + 27 * HOUR)
    assert firing() == ["none"]


def test_one_that_cannot_be_made_is_told_until_one_is(kept):
    folder = kept.plan.place
    kept.plan.place = "/proc/nowhere"
    assert back_up(kept.plan, at=clock.now()).state == BackupState.FAILED
    watch_backups(at=clock.now())
    assert firing() == ["not_made"]
    kept.plan.place = folder
    assert back_up(kept.plan, at=clock.now() + ONE).state == BackupState.MADE
    watch_backups(at=clock.now())
    assert firing() == []


def test_one_dated_ahead_of_now_does_not_hide_that_the_others_grow_old(kept):
    Backup.objects.create(
        plan=kept.plan, state=BackupState.MADE, stem="ledger-20300101T000000Z", begun_at=clock.now(),
        ended_at=clock.now(), made_at=clock.now() + 90 * DAY,
    )  # fmt: skip
    watch_backups(at=clock.now() + 27 * HOUR)
    assert firing() == ["ahead", "too_old"]


def test_what_somebody_stopped_calls_nobody(kept, monkeypatch):
    def stop(*_, **__):
        raise SystemExit(130)

    monkeypatch.setattr("integrations.backups._dumped", stop)
    with pytest.raises(SystemExit):
        back_up(kept.plan, at=clock.now() + ONE)
    row = kept.plan.backups.first()
    assert (row.state, [one.code for one in row.told]) == (BackupState.FAILED, ["stopped"])
    watch_backups(at=clock.now())
    assert firing() == []


def test_a_restore_test_whose_process_died_is_ended_and_the_one_before_still_counts(kept):
    kept.plan.least = "users=5000"
    assert restore_test(kept.plan, at=clock.now()).state == RestoreTestState.FAILED
    died = RestoreTest.objects.create(
        plan=kept.plan, begun_at=clock.now() + ONE, rpo_seconds=1, rto_seconds=1
    )
    watch_backups(at=clock.now() + 2 * ONE)
    died.refresh_from_db()
    assert (died.state, [one.code for one in died.told]) == (RestoreTestState.FAILED, ["stopped"])
    assert firing() == ["too_few"]


def test_what_rots_where_it_lies_is_found_within_a_day(kept):
    content = bytearray(kept.dump.read_bytes())
    content[-100] ^= 4
    kept.dump.write_bytes(bytes(content))
    at = clock.now()
    assert look_again(at=at) == 0
    watch_backups(at=at)
    assert firing() == []
    assert look_again(at=at + DAY) == 1
    assert look_again(at=at + DAY) == 0
    watch_backups(at=at + DAY)
    assert firing() == ["checksum"]


def test_a_look_that_takes_longer_than_the_pause_between_two_is_not_joined_by_the_next(kept):
    at = clock.now() + DAY
    with session(own()) as somebody:
        somebody.execute("SELECT pg_advisory_lock(%s, %s)", [LOOKING, kept.plan.pk])
        assert look_again(at=at) == 0
    assert until(lambda: look_again(at=at)) == 1


def test_a_restore_test_that_fails_is_told_until_one_passes(kept):
    kept.plan.least = "users=5000"
    kept.plan.save()
    assert restore_test(kept.plan, at=clock.now()).state == RestoreTestState.FAILED
    watch_backups(at=clock.now())
    assert firing() == ["too_few"]
    kept.plan.least = ""
    kept.plan.save()
    restore_test(kept.plan, at=clock.now())
    watch_backups(at=clock.now())
    assert firing() == []


def test_a_plan_that_is_switched_off_says_no_more(kept):
    watch_backups(at=clock.now() + 27 * HOUR)
    BackupPlan.objects.update(enabled=False)
    watch_backups(at=clock.now() + 27 * HOUR)
    assert firing() == []


def test_it_is_told_in_both_languages(kept):
    flaws = [{"code": "table_missing", "table": "public.ledger"}]
    RestoreTest.objects.create(
        plan=kept.plan, state=RestoreTestState.FAILED, begun_at=clock.now(), ended_at=clock.now(),
        rpo_seconds=1, rto_seconds=1, flaws=flaws,
    )  # fmt: skip
    with translation.override("ko"):
        watch_backups(at=clock.now())
    [alert] = Alert.objects.open()
    assert alert.title == "ledger 백업: public.ledger 테이블이 없어요."
    assert (
        alert.translations["en"]["title"] == "Backup of ledger: The table public.ledger is missing."
    )


def test_the_ticks_make_what_is_due_and_tell_what_is_wrong(kept):
    long_ago = clock.now() - 3 * DAY
    BackupPlan.objects.filter(pk=kept.plan.pk).update(created_at=long_ago)
    tasks.back_up()
    assert Backup.objects.made().count() == 2
    Backup.objects.update(made_at=long_ago)
    tasks.watch()
    assert firing() == ["too_old"]
    tasks.back_up()
    assert Backup.objects.count() == 2

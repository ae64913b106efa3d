"""Backups are verified each day and restored each month, and what is wrong with one fails the job by its name."""

from datetime import timedelta

import pytest
from django.utils import translation

from core import clock
from maintenance.models import BackupPlan, Routine
from maintenance.registry import jobs
from maintenance.services.planning import plan_due
from maintenance.services.running import claim, perform
from maintenance.services.watching_backups import look_again, watch_backups
from monitoring.models import Alert
from tests.maintenance.backed_up import Kept, database, plan_of, root

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def where(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), database() as found:
        yield found


@pytest.fixture
def kept(where, tmp_path, settings):
    settings.RESTORE_SERVER = root()
    BackupPlan.objects.all().delete()
    return Kept(plan_of(where, tmp_path), where)


def told(name, outcome):
    with translation.override("en"):
        return [jobs[name].said(one.code, one.facts) for one in outcome.findings]


def run(name, at=None):
    return jobs[name].run(at=at or clock.database_now())


@pytest.mark.parametrize("name", ["backup_verification", "disaster_recovery_test"])
def test_a_sound_backup_passes_with_its_measures(kept, name):
    outcome = run(name)
    assert not outcome.failed, told(name, outcome)
    assert outcome.figures["flaws"] == 0
    assert told(name, outcome)[0].startswith("ledger: ")


def test_what_was_restored_is_said_with_time_age_and_rows(kept):
    outcome = run("disaster_recovery_test")
    assert outcome.figures.keys() == {"flaws", "rto", "rpo"}
    assert "2,100 rows in 2 tables" in told("disaster_recovery_test", outcome)[0]
    assert outcome.evidence["plans"]["ledger"]["stages"]["restore"] > 0


@pytest.mark.parametrize("name", ["backup_verification", "disaster_recovery_test"])
def test_a_damaged_one_fails_by_name(kept, name):
    kept.dump.write_bytes(kept.dump.read_bytes()[:-2000])
    outcome = run(name)
    assert outcome.failed
    assert "ledger: The dump is cut off" in told(name, outcome)[0]


def test_the_job_pages_nobody_once_more_for_what_was_told_already(kept):
    kept.dump.write_bytes(kept.dump.read_bytes()[:-2000])
    now = clock.database_now()
    plan_due(at=now - timedelta(days=1))
    Routine.objects.exclude(name="backup_verification").update(enabled=False)
    plan_due(at=now)
    perform(claim(at=now))
    look_again(at=now + timedelta(days=1))
    watch_backups(at=now + timedelta(days=1))

    assert list(Alert.objects.open().values_list("group", flat=True)) == ["backups"] * 2


def test_one_that_is_too_old_fails(kept):
    outcome = run("backup_verification", clock.database_now() + timedelta(hours=27))
    assert outcome.failed
    assert "old; the RPO allows" in told("backup_verification", outcome)[0]


@pytest.mark.parametrize("name", ["backup_verification", "disaster_recovery_test"])
def test_without_any_plan_nothing_is_safe(name):
    BackupPlan.objects.all().delete()
    assert [one.code for one in run(name).findings] == ["none"]
    assert run(name).failed

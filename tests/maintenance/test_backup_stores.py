"""Backups in a bucket of an S3-compatible store: brought piece by piece, found again, fetched, damaged, let go."""

import os
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from core import clock
from integrations import object_store
from integrations.object_store import Address, Bucket
from maintenance.models import Backup, BackupState
from maintenance.places import place_of
from maintenance.services.backup_plans import database_of
from maintenance.services.backups import back_up
from maintenance.services.looking_at_backups import flaws_of_newest
from maintenance.services.restoring import test_restore as restore_test
from maintenance.words.backups import sentence
from sandbox.store import KEY, SECRET
from tests.maintenance.backed_up import database, plan_of, root
from tests.notifications.conftest import running_sandbox, sandbox

__all__ = ["running_sandbox", "sandbox"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(sandbox, settings, tmp_path, monkeypatch):
    settings.RESTORE_SERVER, settings.BACKUP_KEY = root(), "k" * 40
    settings.BONGSU_HOME = tmp_path
    host = urlsplit(sandbox.url).netloc
    bucket = f"http://{KEY}:{SECRET}@{host}/store/{uuid4().hex}"
    monkeypatch.setenv("BACKUPS_OF_TEST", f"{bucket}?region=eu-1")
    with database() as where:
        yield plan_of(where, "env:BACKUPS_OF_TEST", sealed=True)


def bucket():
    return Bucket(Address.of(os.environ["BACKUPS_OF_TEST"]))


def codes(flaws):
    return [one.code for one in flaws]


def test_one_is_made_found_and_restored_and_nothing_stays_here(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(object_store, "PIECE", 5_000)
    made = back_up(plan, at=clock.now())
    assert made.state == BackupState.MADE, made.flaws
    assert SECRET not in made.place
    assert sorted(bucket().names("")) == [f"{made.stem}.dump.sealed", f"{made.stem}.json"]
    assert place_of(plan).stems(database_of(plan)) == [made.stem]
    done = restore_test(plan, at=clock.now())
    assert (codes(done.told), done.rows) == ([], 2100)
    assert list((tmp_path / "backups" / "staging").iterdir()) == []


@pytest.mark.parametrize("code", ["checksum", "truncated", "empty", "dump_missing"])
def test_what_is_damaged_there_is_named(plan, tmp_path, code):
    made = back_up(plan, at=clock.now())
    name, copy = f"{made.stem}.dump.sealed", tmp_path / "copy"
    bucket().fetch(name, copy)
    content = bytearray(copy.read_bytes())
    content[3000] ^= 1
    damaged = {"checksum": bytes(content), "truncated": bytes(content[:-9]), "empty": b""}
    bucket().delete([name])
    if code in damaged:
        copy.write_bytes(damaged[code])
        bucket().put_file(name, copy)
    assert codes(flaws_of_newest(plan, at=clock.now())) == [code]


def test_old_ones_are_deleted_there(plan):
    plan.keep_days = 1
    at = clock.now()
    for days in (3, 2, 1, 0):
        assert back_up(plan, at=at - timedelta(days=days, minutes=1)).state == BackupState.MADE
    stems = set(Backup.objects.made().values_list("stem", flat=True))
    assert len(stems) == 1
    assert {name.partition(".")[0] for name in bucket().names("")} == stems


def test_a_store_that_refuses_or_is_away_is_said_without_the_key(plan, sandbox, monkeypatch):
    wrong = os.environ["BACKUPS_OF_TEST"].replace(SECRET, "not-the-secret")
    for address in (wrong, wrong.replace(urlsplit(sandbox.url).netloc, "127.0.0.1:9")):
        monkeypatch.setenv("BACKUPS_OF_TEST", address)
        made = back_up(plan, at=clock.now() + timedelta(minutes=Backup.objects.count()))
        assert (made.state, codes(made.told)) == (BackupState.FAILED, ["not_made"])
        assert "not-the-secret" not in sentence(made.told[0])
    monkeypatch.delenv("BACKUPS_OF_TEST")
    assert codes(flaws_of_newest(plan, at=clock.now())) == ["out_of_reach"]

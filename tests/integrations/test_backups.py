"""A backup of Bongsu's own database: its schema comes back to the letter, and nobody else may read it."""

import json
import stat
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import translation
from psycopg2.extensions import make_dsn

from config.cluster import SUPERUSER, Cluster
from core import clock
from integrations import pg_databases, pg_programs
from integrations.backups import (
    Unusable,
    make_backup,
    newest_first,
    read,
    verified,
)
from integrations.pg_contents import rows_of, schema_of
from integrations.pg_databases import kept_options
from integrations.postgresql import Fault, session
from tests.runbooks.databases import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    """Extensions are brought back by superusers only."""
    secret = Cluster(settings.BONGSU_HOME).secret("superuser")
    return str(make_dsn(address(), user=SUPERUSER, password=secret))


@pytest.fixture
def backup(tmp_path, root):
    return make_backup(root, tmp_path / "backups", at=clock.now(), seconds=120)


def test_all_of_our_own_schema_comes_back_to_the_letter(root, backup):
    name, options = f"copy_{uuid4().hex[:8]}", backup.manifest.options
    there = pg_databases.within(root, name)
    pg_databases.make(root, name, options, {"bongsu": "restoring"}, seconds=60)
    try:
        pg_programs.run(
            "pg_restore", "--exit-on-error", "--jobs=2", str(backup.dump), seconds=120, dsn=there
        )
        pg_databases.dress(root, name, options, seconds=60)
        with session(there, seconds=60) as asked:
            assert rows_of(asked) == backup.manifest.tables
            assert kept_options(asked) == options
            assert schema_of(asked) == backup.manifest.schema
    finally:
        pg_databases.drop(root, name, seconds=60)
    assert name not in pg_databases.marks(root, seconds=5)


def test_only_its_owner_may_read_it(backup):
    for file in (backup.dump, backup.path):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_was_written_is_read_again(backup):
    assert read(backup.path) == backup
    assert verified(backup.path) == backup
    assert "public.runbooks_run" in backup.manifest.tables


def test_a_dump_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv(pg_programs.FOLDER, "/nowhere")
    with pytest.raises(Fault):
        make_backup(address(), tmp_path, at=clock.now(), seconds=60)
    assert list(tmp_path.iterdir()) == []


def test_the_newest_comes_first_and_what_cannot_be_read_last(tmp_path, backup):
    folder, database = backup.path.parent, backup.manifest.database
    old = json.loads(backup.path.read_text()) | {"made_at": "2026-01-01T00:00:00+00:00"}
    (folder / f"{database}-old.json").write_text(json.dumps(old))
    (folder / f"{database}-other.json").write_text(json.dumps(old | {"database": "other"}))
    (folder / f"{database}-broken.json").write_text("{")
    assert [path.stem for path in newest_first(folder, database)] == [
        backup.path.stem,
        f"{database}-old",
        f"{database}-broken",
    ]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"made_at": "2026-01-01"}', '{"made_at": null}', "\x00"]
)
def test_a_manifest_that_is_none_is_told_in_words(tmp_path, body):
    path = tmp_path / "x.json"
    path.write_text(body)
    with pytest.raises(Unusable) as why, translation.override("en"):
        read(path)
    assert str(why.value)


def test_a_manifest_may_not_lead_out_of_its_folder(backup):
    body = json.loads(backup.path.read_text()) | {"dump": "../../etc/passwd"}
    backup.path.write_text(json.dumps(body))
    with pytest.raises(Unusable):
        read(backup.path)


def test_the_password_stands_in_no_list_of_processes(root, backup, monkeypatch):
    seen: list[list[str]] = []
    real = pg_programs.subprocess.run

    def watched(command, **more):
        seen.append(command)
        return real(command, **more)

    monkeypatch.setattr(pg_programs.subprocess, "run", watched)
    pg_programs.run("pg_dump", "--schema-only", "--table=runbooks_run", seconds=60, dsn=root)
    assert seen
    assert "password" not in " ".join(seen[0])

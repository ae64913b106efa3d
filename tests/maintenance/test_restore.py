"""A backup restored beside what is live, which changes only when its name is said."""

import io
import os
import signal
import subprocess
import sys
import time

import pytest
from django.core.management import CommandError, call_command

from config import throwaway
from core import clock
from integrations import pg_databases
from integrations.postgresql import session as asked_session
from maintenance.services.backups import back_up
from tests.maintenance.backed_up import Kept, database, plan_of, root
from tests.runbooks.databases import session


@pytest.fixture
def kept(db, tmp_path):
    with database() as where:
        found = Kept(plan_of(where, tmp_path), where)
        name = found.body["database"]
        yield found
        for other in pg_databases.marks(root(), seconds=10):
            if other.startswith(name):
                pg_databases.drop(root(), other, seconds=30)


def restored(*arguments):
    told = io.StringIO()
    call_command("restore", "ledger", f"--server={root()}", *arguments, stdout=told)
    return told.getvalue()


def rows(kept, name, table="users"):
    with session(pg_databases.within(kept.where, name)) as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        return cursor.fetchone()[0]


def lost(kept):
    with session(kept.where) as cursor:
        cursor.execute("TRUNCATE users CASCADE")


def test_it_is_restored_beside_and_the_live_one_is_as_it_was(kept):
    lost(kept)
    name = kept.body["database"]
    assert f"restored into {name}_restored" in restored()
    assert (rows(kept, name), rows(kept, f"{name}_restored")) == (0, 100)


def test_it_takes_the_place_of_the_live_one_when_that_is_named(kept):
    lost(kept)
    name = kept.body["database"]
    told = restored("--replace", name)
    assert f"{name}_restored is {name} now" in told
    before = told.strip().rpartition(" ")[2].rstrip(".")
    assert (rows(kept, name), rows(kept, before)) == (100, 0)


def test_what_was_restored_and_looked_at_is_put_live_as_it_stands(kept):
    name = kept.body["database"]
    restored()
    with session(pg_databases.within(kept.where, f"{name}_restored")) as cursor:
        cursor.execute("CREATE TABLE looked_at ()")
    restored("--replace", name)
    assert rows(kept, name, "looked_at") == 0


def test_what_stands_there_of_another_backup_is_not_put_live_instead_of_the_one_that_was_named(
    kept,
):
    newer = back_up(kept.plan, at=clock.now())
    restored()
    with pytest.raises(CommandError, match=newer.stem):
        restored("--backup", kept.row.stem, "--replace", kept.body["database"])


@pytest.mark.parametrize("how", ["--replace=another", "--into={}"])
def test_a_slip_of_the_hand_overwrites_nothing(kept, how):
    name = kept.body["database"]
    with pytest.raises(CommandError, match="Nothing was done"):
        restored(how.format(name))
    assert f"{name}_restored" not in pg_databases.marks(root(), seconds=10)


def test_what_stands_there_already_is_not_overwritten(kept):
    restored()
    with pytest.raises(CommandError):
        restored()


def test_a_damaged_backup_is_not_restored(kept):
    kept.dump.write_bytes(kept.dump.read_bytes()[:-1])
    with pytest.raises(CommandError):
        restored()


@pytest.mark.parametrize("ending", ["", ".json", ".dump"])
@pytest.mark.parametrize("folder", [False, True])
def test_its_file_is_named_as_people_write_it(kept, folder, ending):
    back_up(kept.plan, at=clock.now())  # a newer one, of a database that lost its rows meanwhile
    file = str(kept.manifest.with_suffix(ending)) if folder else f"{kept.row.stem}{ending}"
    assert f"{kept.row.stem} is restored" in restored("--backup", file)


def test_one_that_was_carried_here_in_another_folder_is_restored_from_there(kept, tmp_path):
    carried = tmp_path / "carried"
    carried.mkdir()
    dump, manifest = kept.dump, kept.manifest
    for path in (dump, manifest):
        path.rename(carried / path.name)
    restored("--backup", str(carried / dump.name))
    assert rows(kept, f"{kept.row.stem.partition('-')[0]}_restored") == 100


def test_which_file_is_none_is_said(kept):
    with pytest.raises(CommandError, match="ledger-19700101T000000Z"):
        restored("--backup", "ledger-19700101T000000Z.dump")


HOLDS = """
import os, time, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from config import throwaway
with throwaway.server() as where:
    print(where, flush=True)
    time.sleep(60)
"""


def test_the_server_of_a_test_that_was_killed_is_gone_with_the_next(tmp_path, settings):
    settings.BONGSU_HOME = tmp_path
    env = os.environ | {"BONGSU_HOME": str(tmp_path)}
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS], env=env, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
    )  # fmt: skip
    where = holder.stdout.readline().strip()
    assert where
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    above = tmp_path / throwaway.FOLDER
    assert len(list(above.iterdir())) == 1
    with throwaway.server() as mine, asked_session(mine, seconds=10) as asked:
        assert asked.row("SELECT 1") == (1,)
        assert len(list(above.iterdir())) == 1
        assert str(above) in mine or "/tmp/bongsu-" in mine
    assert list(above.iterdir()) == []
    until = time.monotonic() + 10
    while _servers(tmp_path) and time.monotonic() < until:
        time.sleep(0.1)
    assert _servers(tmp_path) == []


def _servers(folder):
    said = subprocess.run(
        ["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True
    ).stdout
    return [line for line in said.splitlines() if str(folder) in line and "postgres" in line]

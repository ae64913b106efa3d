"""Data recovery on a real PostgreSQL: damaged, killed at each stage, with backups that are none."""

import json
import os
import re
import threading
from datetime import timedelta
from pathlib import Path
from time import sleep

import psycopg2
import pytest
from django.utils import translation
from psycopg2.extensions import make_dsn

from config.cluster import SUPERUSER, Cluster
from core import clock
from core.errors import Refused
from integrations import pg_ready
from integrations.postgresql import session as database
from runbooks import services
from runbooks.crew import outcome
from runbooks.models import Database, Host, Runbook, Way
from runbooks.steps import restore_ready
from tests.runbooks import recovering
from tests.runbooks.databases import address, session, until
from tests.runbooks.recovering import HANDS, approve
from tests.runbooks.running import go

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 4_200_000 if os.environ.get("BONGSU_TEST_BIG") else 2_000
WHOLE = [1_000, 1_000, ROWS]


@pytest.fixture
def where(tmp_path, monkeypatch):
    translation.activate("en")
    with recovering.place(tmp_path, rows=ROWS) as place:
        monkeypatch.setenv("PATH", f"{HANDS}:{os.environ['PATH']}")
        monkeypatch.setenv("HOME", str(place.home))
        yield place


@pytest.fixture
def damaged(where):
    where.backup()
    where.ask("TRUNCATE transactions")
    return where


def gone_through(run, people):
    go(run)
    approve(run, people[1])
    until(lambda: go(run).state != "running", within=30)
    return run


def states(run):
    return dict(run.steps.values_list("name", "state"))


def told(run):
    return [one["en"] for step in run.steps.order_by("position") for one in step.said]


def test_a_truncated_table_is_recovered_and_the_old_database_kept(damaged, people):
    run = gone_through(damaged.started(people[0]), people)
    assert run.state == "done", list(run.steps.values_list("name", "state", "text_en"))
    assert damaged.counts() == WHOLE
    [live, kept] = damaged.databases()
    assert (live, kept.rpartition("_before_")[0]) == (damaged.name, damaged.name)
    assert damaged.counts(kept) == [1_000, 1_000, 0]
    assert damaged.unit == "active"
    assert told(run)[-1].startswith("Restored in ")
    assert told(run)[-1].endswith(", RTO 4 h.")


def test_what_no_dump_holds_comes_back_too(damaged, people):
    question = (
        "SELECT datacl::text || (SELECT setconfig::text FROM pg_db_role_setting WHERE setdatabase = d.oid)"
        " || datcollate || datdba FROM pg_database d WHERE datname = current_database()"
    )
    before = damaged.ask(question)
    gone_through(damaged.started(people[0]), people)
    assert damaged.ask(question) == before


def test_a_dropped_database_is_recovered(damaged, people):
    with session(address()) as cursor:
        cursor.execute(f"DROP DATABASE {damaged.name}")
    run = gone_through(damaged.started(people[0]), people)
    assert run.state == "done", list(run.steps.values_list("name", "state", "text_en"))
    assert damaged.counts() == WHOLE
    assert damaged.databases() == [damaged.name]


def test_nothing_of_the_live_database_is_touched_before_the_approval(damaged, people):
    run = go(damaged.started(people[0]))
    assert states(run)["approved"] == "waiting"
    assert damaged.counts() == [1_000, 1_000, 0]
    assert damaged.unit == "active"
    assert damaged.databases() == [damaged.name, f"{damaged.name}_restored"]


def missing(backup):
    backup.dump.unlink()


def truncated(backup):
    os.truncate(backup.dump, backup.manifest.size // 2)


def flipped(backup):
    with backup.dump.open("r+b") as file:
        file.seek(backup.manifest.size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


def without_manifest(backup):
    backup.path.unlink()


def nonsense(backup):
    backup.path.write_text('{"made_at": 7}')


DAMAGE = [missing, truncated, flipped, without_manifest, nonsense]


@pytest.mark.parametrize("damage", DAMAGE, ids=[one.__name__ for one in DAMAGE])
def test_a_backup_that_is_none_stops_the_run_before_anything_is_touched(where, people, damage):
    damage(where.backup())
    assert_untouched(go(where.started(people[0])), where)


def test_a_backup_that_is_too_old_stops_the_run(where, people):
    where.backup(clock.now() - timedelta(minutes=90))
    run = go(where.started(people[0], rpo="1h"))
    assert_untouched(run, where)
    assert "older than the RPO of 1h" in told(run)[0]


def test_last_night_s_backup_is_young_enough_unless_somebody_says_otherwise(where, people):
    where.backup(clock.now() - timedelta(hours=25))
    assert states(go(where.started(people[0])))["backup"] == "done"


@pytest.fixture
def root(where, monkeypatch, settings):
    """The connection of a superuser; `admin` is one of somebody who may create databases."""
    secret = Cluster(settings.BONGSU_HOME).secret("superuser")
    monkeypatch.setenv("ROOT_DSN", str(make_dsn(address(), user=SUPERUSER, password=secret)))
    Database.objects.create(name="root", address="env:ROOT_DSN")
    return where


def ready(run):
    found = go(run).steps.get(name="ready")
    return found.state, found.text


def test_what_died_before_it_was_marked_is_cleared_away(where, people):
    where.backup()
    run = where.started(people[0])
    step = run.steps.get(name="restored").pk
    where.ask(f"CREATE DATABASE {where.name}_restored_{step}_0123456789ab TEMPLATE template0")
    go(run)
    assert where.databases() == [where.name, f"{where.name}_restored"]


def test_how_much_room_the_server_has_is_said_before_anything_is_restored(root, people):
    root.backup()
    state, text = ready(root.started(people[0], server="root"))
    assert state == "done"
    assert re.fullmatch(
        r"The server has [\d.,]+ [kMG]B of room; it takes about [\d.,]+ [kM]B\.", text
    )


def test_where_there_is_too_little_room_nothing_begins(root, people):
    path = root.backup().path
    path.write_text(json.dumps(json.loads(path.read_text()) | {"bytes": 10**17}))
    run = root.started(people[0], server="root")
    state, text = ready(run)
    assert state == "failed"
    assert text.startswith("The server has only ")
    assert told(run)[-1] == text
    assert root.databases() == [root.name]


def test_where_the_room_cannot_be_known_it_says_so_and_goes_on(damaged, people):
    run = gone_through(damaged.started(people[0]), people)
    assert ready(run)[1].startswith("How much room the server has is not known; it takes about ")
    assert run.state == "done"


def test_an_extension_that_takes_a_superuser_is_named_beforehand(root, people):
    with session(make_dsn(os.environ["ROOT_DSN"], dbname=root.name)) as cursor:
        cursor.execute("CREATE EXTENSION dblink")
    root.backup()
    run = root.started(people[0])
    state, text = ready(run)
    assert state == "failed"
    assert "Only a superuser may create the extension dblink" in text
    assert any("dblink" in one for one in told(run))
    assert ready(root.started(people[0], server="root"))[0] == "done"


def test_an_extension_that_the_server_does_not_have_is_none(where):
    with database(address(), seconds=5) as asked:
        assert pg_ready.cannot_make(asked, ["nowhere", "plpgsql"]) == {"nowhere": "missing"}


def test_the_room_of_a_server_elsewhere_is_asked_of_its_host(where):
    assert restore_ready._free("10.9.9.9", Path("/")) is None
    Host.objects.create(name="db9", address="10.9.9.9", way=Way.LOCAL)
    assert restore_ready._free("10.9.9.9", Path("/")) > 0


def assert_untouched(run, where):
    assert run.state == "stopped"
    assert states(run)["backup"] == "failed"
    assert set(states(run).values()) == {"failed", "pending"}
    assert (where.databases(), where.counts(), where.unit) == ([where.name], WHOLE, "active")


def test_one_that_is_damaged_gives_way_to_the_one_before(where, people):
    good = where.backup(clock.now() - timedelta(minutes=30))
    flipped(where.backup())
    run = go(where.started(people[0]))
    assert run.steps.get(name="backup").facts["name"] == good.path.stem
    assert told(run)[0].endswith("it is damaged.")


def test_a_backup_that_changes_after_it_was_found_is_not_restored(where, people):
    backup = where.backup()
    run = where.started(people[0])
    [claim] = services.claim(run.pk, at=clock.database_now(), most=1)
    services.finish(claim, outcome(claim), at=clock.database_now())
    flipped(backup)
    assert states(go(run))["restored"] == "failed"
    assert where.databases() == [where.name]


def test_fewer_rows_than_the_bounds_stop_the_run(damaged, people):
    run = go(damaged.started(people[0], least="users=1001,wallets=1"))
    assert run.steps.get(name="compared").text == (
        "public.users has 1000 rows, at least 1001 are expected."
    )
    assert damaged.unit == "active"


def test_what_is_restored_and_then_changed_is_not_taken(damaged, people):
    run = damaged.started(people[0])
    for _step in range(3):
        [claim] = services.claim(run.pk, at=clock.database_now(), most=1)
        services.finish(claim, outcome(claim), at=clock.database_now())
    damaged.ask("ALTER TABLE users ADD note text", f"{damaged.name}_restored")
    damaged.ask("DELETE FROM transactions WHERE id = 1", f"{damaged.name}_restored")
    text = go(run).steps.get(name="compared").text
    assert f"public.transactions has {ROWS - 1} rows, {ROWS} were recorded." in text
    assert "Its schema is not the recorded one." in text


def test_clients_that_come_back_at_once_do_not_hold_up_the_swap(damaged, people):
    over = threading.Event()

    def client():
        while not over.is_set():
            try:
                with session(damaged.dsn) as cursor:
                    cursor.execute("SELECT pg_sleep(0.02)")
            except psycopg2.Error:
                sleep(0.001)

    threads = [threading.Thread(target=client, daemon=True) for _one in range(3)]
    for thread in threads:
        thread.start()
    try:
        run = gone_through(damaged.started(people[0]), people)
    finally:
        over.set()
        for thread in threads:
            thread.join(10)
    assert run.state == "done"
    assert damaged.counts() == WHOLE


def test_taken_back_the_old_database_is_the_live_one_again(damaged, people):
    run = gone_through(damaged.started(people[0]), people)
    other = gone_through(services.undo(run, at=clock.database_now(), by=people[0]), people)
    assert other.state == "done", list(other.steps.values_list("name", "state", "text_en"))
    assert damaged.counts() == [1_000, 1_000, 0]
    assert damaged.unit == "active"


def test_a_kept_database_is_discarded_by_two_people_and_the_live_one_never(damaged, people):
    run = gone_through(damaged.started(people[0]), people)
    kept = run.steps.get(name="swapped").facts["kept"]
    assert discarded(kept, people).state == "done"
    assert damaged.databases() == [damaged.name]
    assert discarded(damaged.name, people).state == "stopped"
    assert damaged.counts() == WHOLE


def discarded(name, people):
    version = Runbook.objects.get(key="database-discard").current
    run = services.start(
        version, {"server": "admin", "name": name}, by=people[0], at=clock.database_now()
    )
    assert states(go(run)) == {"discarded": "waiting"}
    return gone_through(run, people)


@pytest.mark.parametrize("name", ["-x", 'a"b', "a b", "a" * 64, "a;DROP DATABASE b"])
def test_what_is_no_name_of_a_database_is_refused(where, people, name):
    with pytest.raises(Refused):
        where.started(people[0], database=name)

"""Each way in which a backup can be none is found by a restore test, and named in both languages."""

import os
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from core import clock
from integrations import pg_databases, pg_programs
from maintenance.domain.flaws import Flaw
from maintenance.models import Backup, BackupState, RestoreTestState, plan_called
from maintenance.services import asking_restored
from maintenance.services.backups import back_up
from maintenance.services.looking_at_backups import flaws_of_newest
from maintenance.services.restoring import test_restore as restore_test
from maintenance.words.backups import CLEAR, SENTENCES, advice, sentence
from tests.maintenance.backed_up import Kept, database, plan_of, root
from tests.runbooks.databases import session

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def where(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), database() as found:
        yield found


@pytest.fixture
def plan(where, tmp_path, settings):
    settings.RESTORE_SERVER = root()
    return plan_of(where, tmp_path / "backups")


@pytest.fixture
def kept(plan, where):
    return Kept(plan, where)


def flipped(kept):
    content = bytearray(kept.dump.read_bytes())
    content[len(content) // 2] ^= 1
    kept.dump.write_bytes(bytes(content))


def cut(kept):
    kept.dump.write_bytes(kept.dump.read_bytes()[:-2000])


def emptied(kept):
    kept.dump.write_bytes(b"")


def without_a_table(kept):
    kept.dumped_again("--exclude-table=ledger")


def with_half_the_rows(kept):
    with session(kept.where) as cursor:
        cursor.execute("CREATE TABLE aside AS SELECT * FROM ledger WHERE id % 2 = 0")
        cursor.execute("DELETE FROM ledger WHERE id % 2 = 0")
        kept.dumped_again("--exclude-table=aside")
        cursor.execute("INSERT INTO ledger SELECT * FROM aside")
        cursor.execute("DROP TABLE aside")


def of_an_unknown_format(kept):
    content = bytearray(kept.dump.read_bytes())
    content[5:8] = b"\x01\x63\x00"  # the archive's own version, 1.99
    kept.vouched_for(bytes(content))


def of_a_newer_server(kept):
    """As long as the number that stands there."""
    content = kept.dump.read_bytes()
    number = str(kept.body["server"]).encode()
    kept.vouched_for(content.replace(number, b"99" + number[2:], 1))


def garbage_vouched_for(kept):
    kept.vouched_for(os.urandom(5000))


def cut_and_vouched_for(kept):
    content = kept.dump.read_bytes()
    kept.vouched_for(content[: len(content) * 2 // 3])


def without_its_dump(kept):
    kept.dump.unlink()


def without_its_manifest(kept):
    kept.manifest.unlink()


def with_a_broken_manifest(kept):
    kept.manifest.write_text(kept.manifest.read_text()[:40])


def of_another_schema(kept):
    with session(kept.where) as cursor:
        cursor.execute("ALTER TABLE users ADD COLUMN extra int")
        kept.dumped_again()
        cursor.execute("ALTER TABLE users DROP COLUMN extra")


def of_another_database(kept):
    """As long as the name that stands there."""
    name = kept.body["database"].encode()
    kept.vouched_for(kept.dump.read_bytes().replace(name, b"other" + name[5:]))


def exchanged_with_its_manifest(kept):
    how = ("--format=custom", "--compress=0", f"--file={kept.dump}")
    pg_programs.run("pg_dump", *how, seconds=60, dsn=kept.where)
    kept.exchanged(kept.dump.read_bytes())


def with_the_manifest_of_another(kept):
    kept.claim(made_at="2020-01-01T00:00:00+00:00")


DAMAGED = {
    "checksum": flipped,
    "truncated": cut,
    "empty": emptied,
    "table_missing": without_a_table,
    "rows": with_half_the_rows,
    "archive_version": of_an_unknown_format,
    "version": of_a_newer_server,
    "archive": garbage_vouched_for,
    "not_restored": cut_and_vouched_for,
    "dump_missing": without_its_dump,
    "schema": of_another_schema,
    "other_database": of_another_database,
    "exchanged": exchanged_with_its_manifest,
    "misnamed": with_the_manifest_of_another,
}


def codes(row):
    return [one.code for one in row.told]


@pytest.mark.parametrize("code", DAMAGED)
def test_a_damaged_backup_is_found_and_named(kept, code):
    DAMAGED[code](kept)
    done = restore_test(kept.plan, at=clock.now())
    assert done.state == RestoreTestState.FAILED
    assert codes(done) == [code], [sentence(one) for one in done.told]
    assert leftovers() == []


@pytest.mark.parametrize("damage", [without_its_manifest, with_a_broken_manifest])
def test_a_newest_one_without_a_manifest_does_not_make_way_for_an_older_one(kept, damage):
    back_up(kept.plan, at=kept.row.made_at - timedelta(hours=1))
    damage(kept)
    assert codes(restore_test(kept.plan, at=clock.now())) == ["manifest"]
    assert [one.code for one in flaws_of_newest(kept.plan, at=clock.now())] == ["manifest"]


@pytest.mark.parametrize("code", ["checksum", "truncated", "empty", "archive", "dump_missing"])
def test_a_look_at_the_newest_finds_what_can_be_seen_without_a_restore(kept, code):
    DAMAGED[code](kept)
    assert [one.code for one in flaws_of_newest(kept.plan, at=clock.now())] == [code]


def test_one_that_is_too_old_is_named_and_still_tried(kept):
    at = clock.now() + timedelta(hours=27)
    done = restore_test(kept.plan, at=at)
    assert codes(done) == ["too_old"]
    assert done.rows == 2100
    assert [one.code for one in flaws_of_newest(kept.plan, at=at)] == ["too_old"]


def test_one_dated_ahead_of_now_is_named_and_the_newest_of_the_others_is_restored(kept):
    """Else a wrong clock would keep every later one from being looked at, and the RPO from being missed."""
    ahead = back_up(kept.plan, at=clock.now() + timedelta(days=2))
    done = restore_test(kept.plan, at=clock.now())
    assert codes(done) == ["ahead"]
    assert ahead.stem in sentence(done.told[0])
    assert (done.stem, done.rows) == (kept.row.stem, 2100)
    assert [one.code for one in flaws_of_newest(kept.plan, at=clock.now())] == ["ahead"]


def test_one_that_another_host_keeps_is_not_taken_for_lost(kept):
    Backup.objects.filter(pk=kept.row.pk).update(host="web-2")
    assert codes(restore_test(kept.plan, at=clock.now())) == []  # the folder is shared
    kept.dump.unlink()
    kept.manifest.unlink()
    assert codes(restore_test(kept.plan, at=clock.now())) == ["elsewhere"]
    assert [one.code for one in flaws_of_newest(kept.plan, at=clock.now())] == ["elsewhere"]
    assert Backup.objects.get(pk=kept.row.pk).flaws == []


def test_none_at_all_is_named(plan):
    assert codes(restore_test(plan, at=clock.now())) == ["none"]


def test_a_sound_one_passes_within_its_time(kept):
    done = restore_test(kept.plan, at=clock.now())
    assert done.state == RestoreTestState.PASSED, done.flaws
    assert (done.tables, done.rows, done.backup) == (2, 2100, kept.row)
    assert set(done.stages) == {"fetch", "verify", "server", "restore", "compare", "check"}
    assert 0 < done.took_seconds < done.rto_seconds
    assert flaws_of_newest(kept.plan, at=clock.now()) == []
    assert leftovers() == []


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("least", "users=101", "too_few"),
        ("check_sql", "SELECT count(*) = 3 FROM users", "check"),
        ("check_sql", "SELECT nothing", "check"),
        ("check_sql", "SELECT true FROM users WHERE false", "check"),
        ("check_sql", "COPY users TO PROGRAM 'cat >/dev/null'", "check"),
        ("check_sql", "RESET ROLE; COPY users TO PROGRAM 'cat >/dev/null'", "check"),
        ("rto_minutes", 0, "too_slow"),
    ],
)
def test_what_the_plan_asks_for_is_held_against_it(kept, setting, value, code):
    setattr(kept.plan, setting, value)
    assert codes(restore_test(kept.plan, at=clock.now())) == [code]


def test_whoever_writes_a_check_is_no_superuser_and_stays_nobody(kept):
    kept.plan.check_sql = "SELECT NOT rolsuper FROM pg_roles WHERE rolname = session_user"
    assert codes(restore_test(kept.plan, at=clock.now())) == []
    with session(root()) as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'restore_test%'")
        assert cursor.fetchone() == (0,)


def test_a_plan_whose_demands_are_met_passes(kept):
    kept.plan.least, kept.plan.check_sql = "users=100", "SELECT count(*) = 100 FROM users"
    assert codes(restore_test(kept.plan, at=clock.now())) == []


def test_an_encrypted_one_is_restored_with_its_key_and_not_without(plan, where, settings):
    settings.BACKUP_KEY, plan.sealed = "k" * 40, True
    kept = Kept(plan, where)
    assert kept.row.sealed
    assert b"user 1" not in kept.dump.read_bytes()
    assert kept.dump.read_bytes()[:5] != b"PGDMP"
    assert codes(restore_test(plan, at=clock.now())) == []
    for key in ("", "another" * 8):
        settings.BACKUP_KEY = key
        assert codes(restore_test(plan, at=clock.now())) == ["key"]


def test_without_a_key_nothing_is_made_that_should_be_encrypted(plan, settings):
    settings.BACKUP_KEY, plan.sealed = "", True
    made = back_up(plan, at=clock.now())
    assert made.state == BackupState.FAILED
    assert "BONGSU_BACKUP_KEY" in sentence(made.told[0])


def test_the_command_ends_1_and_names_what_is_wrong(kept):
    flipped(kept)
    with pytest.raises(CommandError) as failed, translation.override("en"):
        call_command("restore_test", "ledger")
    assert str(failed.value) == "The dump is damaged: its checksum is not the recorded one."
    assert failed.value.returncode == 1


def test_every_flaw_is_said_in_both_languages_and_what_to_do_as_well():
    facts = dict.fromkeys(
        ("said", "size", "recorded", "dumped", "server", "free", "needed", "table", "found", "least", "names", "file", "wanted", "host", "here"), "x"
    )  # fmt: skip
    facts |= dict.fromkeys(("age", "rpo", "took", "rto"), 3600.0)
    for code in SENTENCES:
        said, advised = {}, {}
        for language in ("ko", "en"):
            with translation.override(language):
                said[language] = sentence(Flaw(code, facts))
                advised[language] = advice(Flaw(code, facts))
        assert said["ko"] != said["en"], code
        assert advised["ko"] != advised["en"] or code in CLEAR, code


def test_the_copy_in_the_clear_of_a_test_that_was_killed_goes_with_the_next(plan, where, settings):
    settings.BACKUP_KEY, plan.sealed = "k" * 40, True
    kept = Kept(plan, where)
    left = settings.BONGSU_HOME / "clear" / "0123456789ab"
    left.mkdir(parents=True)
    for name in ("lock", "dump"):
        (left / name).write_text("all that was encrypted")
    assert codes(restore_test(kept.plan, at=clock.now())) == []
    assert list(left.parent.iterdir()) == []


def leftovers():
    return [name for name in pg_databases.marks(root(), seconds=10) if name.startswith("restore_")]


def test_what_a_dead_test_left_is_cleared_by_the_next(kept):
    name, mark = "restore_test_0123456789ab", {"bongsu": "restore test"}
    options = kept.body["options"]
    pg_databases.make(root(), name, options, mark, seconds=20)
    restore_test(kept.plan, at=clock.now())
    assert leftovers() == []


def test_our_own_goes_through_a_server_that_is_thrown_away(settings, tmp_path):
    """Of all that the tests' portal has; checked by the portal's own command, in a process of its own."""
    plan = plan_called()
    plan.place = str(tmp_path)
    assert back_up(plan, at=clock.now()).state == BackupState.MADE
    done = restore_test(plan, at=clock.now())
    assert done.told == [], [sentence(one) for one in done.told]
    assert done.tables > 50
    above = settings.BONGSU_HOME / "throwaway"
    assert list(above.iterdir()) == []


def test_a_check_of_the_application_that_takes_too_long_is_named(kept, monkeypatch):
    monkeypatch.setattr(asking_restored, "CHECK", 0.01)
    [flaw] = asking_restored._by_portal(kept.where)
    assert flaw.code == "check"
    assert "took longer" in sentence(flaw)


def test_what_another_version_wrote_breaks_no_page():
    assert sentence(Flaw("unheard_of", {"said": "so"})) == "unheard_of so"
    assert sentence(Flaw("rows", {"table": "users"})) == "rows users"

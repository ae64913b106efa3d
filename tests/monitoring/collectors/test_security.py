import hashlib
import os
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import translation

from core import clock
from monitoring.registry import collectors
from teams.models import User
from teams.signing_in import KEPT, AccessEvent, prune_access_events


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def look(take):
    return lambda **more: take("security", **{"portal": False} | more)


def line(text, program="sshd[7]", ago=timedelta(0)):
    at = (clock.now() - ago).astimezone()
    return f"{at:%b} {at.day:2} {at:%H:%M:%S} wallet-1 {program}: {text}\n"


FAILURE = "Failed password for root from 203.0.113.9 port 4022 ssh2"
LONG_AGO = timedelta(minutes=30)


class TestLog:
    @pytest.fixture
    def log(self, tmp_path):
        return tmp_path / "auth.log"

    def test_failures_of_the_last_minutes_are_counted(self, look, log):
        log.write_text(
            line(FAILURE, ago=LONG_AGO)
            + line(FAILURE)
            + line("Invalid user admin from 203.0.113.9 port 1")
            + line("     kim : 2 incorrect password attempts ; TTY=pts/0", program="sudo")
        )

        found = look(log=str(log))

        assert found.fault == ""
        assert {one.name: one.value for one in found.readings} == {
            "ssh_failures": 1,
            "ssh_failing_addresses": 1,
            "ssh_unknown_users": 1,
            "sudo_failures": 2,
            "su_failures": 0,
        }

    @pytest.mark.parametrize("name", ["auth.log.1", "auth.log-20261128"])
    def test_what_was_rotated_away_meanwhile_counts_too(self, look, log, name):
        log.with_name(name).write_text(line(FAILURE, ago=LONG_AGO) + line(FAILURE))
        log.write_text(line(FAILURE))

        assert look(log=str(log)).value("ssh_failures") == 2

    def test_a_log_that_was_emptied_and_begun_anew_counts_from_there(self, look, log):
        log.write_text(line(FAILURE) * 5)
        log.write_text("")
        with log.open("a") as more:
            more.write(line(FAILURE))

        assert look(log=str(log)).value("ssh_failures") == 1

    def test_older_logs_do_not_count(self, look, log):
        before = log.with_name("auth.log.1")
        before.write_text(line(FAILURE))
        old = time.time() - 3600
        os.utime(before, (old, old))
        log.with_name("auth.log.2.gz").write_bytes(b"packed")
        log.write_text("")

        assert look(log=str(log)).value("ssh_failures") == 0

    def test_of_a_huge_log_the_end_is_read(self, look, log):
        with log.open("w") as file:
            file.write(line("x" * 1000, ago=LONG_AGO) * 20_000)
            file.write(line(FAILURE) * 3)

        assert look(log=str(log)).value("ssh_failures") == 3

    def test_a_log_that_is_not_there_is_said_and_the_rest_is_read(self, look, log):
        found = look(log=str(log), watched="/etc/hosts")

        assert found.fault == f"{log}: No such file or directory"
        assert found.value("file_missing") == 0

    def test_nobody_is_waited_for_at_a_pipe(self, look, log):
        os.mkfifo(log)

        assert look(log=str(log)).fault == f"{log} is no file"

    def test_the_journal_is_read_as_it_is_kept(self, look, tmp_path):
        remote = Path("/lib/systemd/systemd-journal-remote")
        if not remote.exists():
            pytest.skip(
                "systemd-journal-remote is not installed: apt-get install systemd-journal-remote"
            )
        entries = [(FAILURE, 0), (FAILURE, 0), (FAILURE, 1800)]
        exported = "".join(
            f"__REALTIME_TIMESTAMP={int((time.time() - ago) * 1e6)}\n_BOOT_ID={'a' * 32}\n"
            f"__MONOTONIC_TIMESTAMP={n}\n_HOSTNAME=wallet-1\nSYSLOG_IDENTIFIER=sshd\n"
            f"SYSLOG_FACILITY=10\n_PID=7\nMESSAGE={text}\n\n"
            for n, (text, ago) in enumerate(reversed(entries))
        )
        subprocess.run(
            [remote, f"--output={tmp_path / 'system.journal'}", "-"],
            input=exported.encode(), check=True, capture_output=True,
        )  # fmt: skip

        found = look(log=f"journald:{tmp_path}")

        assert found.fault == ""
        assert found.value("ssh_failures") == 2


class TestFiles:
    @pytest.fixture
    def watched(self, tmp_path):
        path = tmp_path / "wallet keys.conf"
        path.write_text("one")
        return path

    def test_a_file_with_its_sum_shows_when_it_changes(self, look, watched):
        known = f"{hashlib.sha256(b'one').hexdigest()}  {watched}"
        before = look(watched=known)
        watched.write_text("two")
        after = look(watched=known)

        assert (before.value("file_changed"), after.value("file_changed")) == (0, 1)
        assert before.value("file_fingerprint") != after.value("file_fingerprint")
        assert after.value("file_seconds_since_change") < 60

    def test_a_file_that_is_gone_is_missing_and_no_fault(self, look, watched):
        watched.unlink()

        found = look(watched=str(watched))

        assert found.fault == ""
        assert found.value("file_missing", path=str(watched)) == 1

    def test_what_is_no_file_is_said(self, look, tmp_path):
        assert look(watched=str(tmp_path)).fault == f"{tmp_path} is no file"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"watched": "hosts"},
            {"watched": "abc /etc/hosts"},
            {"log": "auth.log"},
            {"log": "journald:x"},
        ],
    )
    def test_only_whole_paths_are_taken(self, wrong):
        with pytest.raises(ValidationError) as refusal:
            collectors["security"].cleaned(wrong)

        assert set(refusal.value.message_dict) == set(wrong)


@pytest.mark.django_db
class TestPortal:
    @pytest.fixture
    def portal(self, take):
        return lambda: take("security", portal=True)

    def test_a_failed_sign_in_shows_and_a_good_one_does_not(self, portal, client, commander):
        commander.set_password("beacon-fire-relay-1")
        commander.save()
        for password in ("wrong", "wrong too", "beacon-fire-relay-1"):
            client.post("/accounts/login/", {"login": commander.username, "password": password})

        assert portal().value("portal_failed_sign_ins") == 2
        assert portal().value("portal_failing_addresses") == 1
        assert {event.user for event in AccessEvent.objects.filter(kind="failed")} == {commander}

    def test_what_was_typed_for_a_name_is_not_kept(self, portal, client):
        client.post("/accounts/login/", {"login": "open-sesame", "password": "x"})

        event = AccessEvent.objects.get(kind="failed")
        assert event.user is None
        assert "open-sesame" not in str(vars(event))

    def test_whoever_becomes_an_administrator_shows_however_it_was_done(self, portal, db):
        before = portal()
        person = User.objects.create_user("lee")
        User.objects.create_user("kim", role="administrator")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE teams_user SET is_superuser = true WHERE id = %s", [person.pk])
            cursor.execute("UPDATE teams_user SET language = 'en'")

        after = portal()

        for name in ("portal_new_administrators", "portal_administrators"):
            assert after.value(name) - before.value(name) == 2

    def test_after_three_months_it_is_forgotten(self, db):
        old = AccessEvent.objects.create(kind="failed", at=clock.now() - KEPT * 1.1)
        AccessEvent.objects.create(kind="failed")

        prune_access_events(at=clock.now())

        assert not AccessEvent.objects.filter(pk=old.pk).exists()
        assert AccessEvent.objects.filter(kind="failed").exists()


def test_where_the_portals_tables_cannot_be_read_it_is_said(look, monkeypatch):
    from django.core.exceptions import ImproperlyConfigured

    def away(_since):
        raise ImproperlyConfigured

    monkeypatch.setattr("teams.queries.access_since", away)

    assert look(portal=True).fault == "The portal's own tables cannot be read here."

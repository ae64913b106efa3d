"""With the programs of the system itself: journalctl over a real journal, and logrotate."""

import subprocess
from pathlib import Path

import pytest

from core import clock
from incidents.models import Incident
from incidents.services import take_in
from monitoring.domain.logs.reading import Reading
from monitoring.logwatch.receivers import FromJournal
from tests.monitoring.logs.test_files import numbered, write
from tests.monitoring.logs.test_receivers import FAILED, follow
from tests.programs import program

REMOTE = "/lib/systemd/systemd-journal-remote"
ENTRY = (
    "__REALTIME_TIMESTAMP={at}\n__MONOTONIC_TIMESTAMP={n}\n_BOOT_ID={boot}\n_PID=7\nPRIORITY=3\n"
    "_SYSTEMD_UNIT={unit}\nSYSLOG_IDENTIFIER=wallet\nMESSAGE=failed {n}\n\n"
)


@pytest.fixture
def journal(tmp_path):
    """Writes entries into a journal of its own; `journalctl` as a program that reads that one."""
    if not Path(REMOTE).exists():
        program("systemd-journal-remote", package="systemd-journal-remote")
    real = program("journalctl", package="systemd")
    wrapped = tmp_path / "journalctl"
    wrapped.write_text(f'#!/bin/sh\nexec {real} --directory={tmp_path} "$@"\n')
    wrapped.chmod(0o755)

    def add(*numbers, unit="wallet.service"):
        said = "".join(
            ENTRY.format(
                at=1_795_900_000_000_000 + n * 1_000_000, n=n + 1, boot="0" * 31 + "1", unit=unit
            )
            for n in numbers
        )
        subprocess.run(
            [REMOTE, "-o", str(tmp_path / "remote.journal"), "-"],
            input=said.encode(), capture_output=True, check=True,
        )  # fmt: skip

    return add, str(wrapped)


def test_a_real_journal_is_followed_and_gone_on_with(journal):
    add, journalctl = journal
    add(1, 2)
    feed = FromJournal(Reading(FAILED), "", at=0, from_start=True, program=journalctl)
    follow(feed, lines=2)
    add(3)
    follow(feed, lines=3)
    assert (feed.reading.errors, feed.reading.episodes[1].count) == (3, 3)
    feed.close()

    add(4)
    later = FromJournal(Reading(FAILED), "", at=0, cursor=feed.cursor, program=journalctl)
    follow(later, lines=1)
    assert later.reading.episodes[1].line == "wallet[7]: failed 5"
    later.close()


def test_only_the_units_that_were_named(journal):
    add, journalctl = journal
    add(1, unit="nginx.service")
    add(2, unit="wallet.service")
    feed = FromJournal(Reading(FAILED), "wallet.service", at=0, from_start=True, program=journalctl)
    follow(feed, lines=1)
    assert feed.reading.episodes[1].line == "wallet[7]: failed 3"
    feed.close()


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["create", "nocreate", "copytruncate"])
def test_logrotate_while_somebody_writes(watch, tmp_path, source, pattern, counted, how):
    logrotate = program("logrotate", package="logrotate")
    folder = tmp_path / "log"
    folder.mkdir(mode=0o755)
    log = folder / "app.log"
    source.place = str(log)
    source.save()
    configuration = tmp_path / "logrotate.conf"
    configuration.write_text(f"{log} {{\n rotate 20\n {how}\n}}\n")
    configuration.chmod(0o644)
    for turn in range(6):
        write(log, *numbered(100 * turn, 100 * turn + 50))
        if turn % 2 == 0:
            watch()
        write(log, *numbered(100 * turn + 50, 100 * turn + 60))
        subprocess.run(
            [logrotate, "--force", "--state", str(tmp_path / "state"), str(configuration)],
            check=True,
        )
        if turn == 3:
            watch.dies()
    write(log, "the last failed")
    watch()
    watch()

    assert counted() == (361, 361)


@pytest.mark.django_db
def test_a_line_in_a_log_becomes_an_incident(watch, log, source, seeded):
    """The pattern that comes with us, three times within five minutes, and the usual road."""
    write(log, *(f"2026-11-28T19:20:0{n}Z withdrawal 81{n} failed: no energy" for n in range(3)))
    watch()
    take_in(at=clock.now())

    incident = Incident.objects.get()
    assert incident.severity == "P1"
    assert "withdrawal 812 failed" in incident.title

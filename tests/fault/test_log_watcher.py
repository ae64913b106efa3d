"""The watcher of logs as a process of its own, killed again and again while files are rotated."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from config.children import BASE
from monitoring.models import Alert, LogPattern, LogSource

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

LINES, ROUNDS, WITHIN = 400, 24, 60.0


@pytest.fixture
def watcher(tmp_path):
    """Starts the real command against the database of the test; what lives at the end is ended."""
    started = []
    about = connection.get_connection_params()
    who = f"{about['user']}:{quote(about.get('password') or '', safe='')}"
    url = f"postgres://{who}@/{about['host']}/{about['dbname']}"
    environment = os.environ | {"DATABASE_URL": url}

    def start():
        with (tmp_path / "watcher.txt").open("ab") as output:
            started.append(
                subprocess.Popen(
                    [sys.executable, "manage.py", "watch_logs"],
                    cwd=BASE, env=environment, stdout=output, stderr=output,
                )
            )  # fmt: skip
        return started[-1]

    yield start
    for one in started:
        with contextlib.suppress(ProcessLookupError):
            one.kill()
        one.wait()


def write(path, lines):
    with path.open("ab") as file:
        file.write(b"".join(lines))


def rotate(log, number):
    """As logrotate does: by turns with and without copytruncate."""
    if number % 2:
        log.rename(Path(f"{log}.{number}"))
    else:
        shutil.copy(log, f"{log}.{number}")
        os.truncate(log, 0)


def until(reached, process, output):
    deadline = time.monotonic() + WITHIN
    while not reached():
        assert process.poll() is None, output.read_text()
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.2)


def test_kills_and_rotations_lose_and_repeat_no_line(watcher, tmp_path):
    log = tmp_path / "app.log"
    log.write_text("the first\n")  # of an empty file nothing can prove whether it is the same
    source = LogSource.objects.create(name="app", place=str(log), from_start=True)
    LogPattern.objects.create(name_ko="failed", text="failed", severity="P2")
    process, written = watcher(), 0
    until(lambda: LogSource.objects.get().lines, process, tmp_path / "watcher.txt")

    for number in range(ROUNDS):
        lines = [
            f"{written + n} {'failed' if n % 10 == 0 else 'ok'}\n".encode() for n in range(LINES)
        ]
        write(log, lines[: LINES // 2])
        if number % 4 == 1:
            process.send_signal(signal.SIGKILL)
            process.wait()
        if number % 3 == 2:
            rotate(log, number)
        write(log, lines[LINES // 2 :])
        written += LINES
        if process.returncode is not None:
            process = watcher()
        time.sleep(0.15)

    def all_read():
        source.refresh_from_db()
        return source.lines > written

    until(all_read, process, tmp_path / "watcher.txt")
    time.sleep(2)
    source.refresh_from_db()

    assert source.lines == written + 1
    assert source.findings.get().count == written // 10
    assert Alert.objects.open().count() == 1


def test_asked_to_end_it_writes_what_it_has_and_a_second_one_takes_over(watcher, tmp_path):
    log = tmp_path / "app.log"
    log.touch()
    source = LogSource.objects.create(name="app", place=str(log), from_start=True)
    first = watcher()
    until(lambda: LogSource.objects.get().begun_at, first, tmp_path / "watcher.txt")
    second = watcher()
    write(log, [b"one\n", b"two\n"])
    time.sleep(1.5)

    first.terminate()
    assert first.wait(timeout=20) == 0
    write(log, [b"three\n"])

    def all_read():
        source.refresh_from_db()
        return source.lines >= 3

    until(all_read, second, tmp_path / "watcher.txt")

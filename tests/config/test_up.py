"""The real thing: `manage.py up` in a home of its own, stopped in every way people stop things."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from config.children import BASE, MARK
from config.options import MAIL_OFFSET

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket]

STARTED_WITHIN = 180


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up")


@pytest.fixture
def ports() -> tuple[int, int]:
    """Below the range from which the system lends ports to anybody who connects."""
    system = random.SystemRandom()  # the seed of the tests' order would try the same ones again
    while True:
        portal, sandbox = system.sample(range(10000, 30000), 2)
        if all(map(is_free, (portal, sandbox, sandbox + MAIL_OFFSET))):
            return portal, sandbox


def is_free(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False


class Run:
    """One `manage.py up`, and what its terminal shows."""

    def __init__(self, home: Path, ports: tuple[int, int]) -> None:
        self.home, self.port = home, ports[0]
        self.lines: list[str] = []
        clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        portal, sandbox = map(str, ports)
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=BASE,
            env=clean | {"BONGSU_HOME": str(home), "PORT": portal, "SANDBOX_PORT": sandbox},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def until(self, words: str) -> str:
        for line in self.process.stdout or ():
            self.lines.append(line)
            if words in line:
                return line
        raise AssertionError(f"{words!r} never came: {''.join(self.lines)}")

    def rest(self) -> str:
        return "".join(self.lines) + self.process.communicate(timeout=30)[0]

    def stop(self, number: signal.Signals) -> float:
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        return time.monotonic() - started

    def pids(self) -> dict[str, int]:
        """Of the supervisor's own children, and of those that the portal's family forked."""
        kept = [self.home / "run" / name for name in ("pids.json", "family.json")]
        return {
            name: pid
            for file in kept
            if file.exists()
            for name, pid in json.loads(file.read_text()).items()
        }

    def answers(self, path: str) -> bool:
        with contextlib.suppress(OSError):
            url = f"http://127.0.0.1:{self.port}{path}"
            return bool(urllib.request.urlopen(url, timeout=5).status == 200)
        return False


@pytest.fixture
def up(home: Path, ports: tuple[int, int]) -> Iterator[Any]:
    runs: list[Run] = []

    def start() -> Run:
        runs.append(Run(home, ports))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.stop(signal.SIGTERM)
    assert alive_in(home) == []


def alive_in(home: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            marked = process.environ().get(MARK) == str(home)
            if process.status() != psutil.STATUS_ZOMBIE and (
                marked or process.cwd().startswith(str(home))
            ):
                found.append(process)
    return found


def wait_until(condition: Any, *, within: float) -> bool:
    deadline = time.monotonic() + within
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(condition())


@pytest.mark.timeout(STARTED_WITHIN * 2)
def test_it_says_where_everything_is_and_a_second_start_repeats_no_work(up: Any) -> None:
    first = up()
    first.until("Bongsu is ready")
    shown = first.until("curl")
    assert f"http://127.0.0.1:{first.port}/ingest/generic/" in shown
    assert any("commander" in line for line in first.lines)
    first.stop(signal.SIGTERM)

    second = up()
    second.until("Bongsu is ready")

    said = "".join(second.lines)
    assert "preparing the database" not in said
    assert "collecting static files" not in said


@pytest.mark.timeout(STARTED_WITHIN * 2)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_everything_within_ten_seconds(
    number: signal.Signals, up: Any, home: Path
) -> None:
    run = up()
    run.until("Ctrl-C stops everything")

    took = run.stop(number)

    assert took < 10
    assert run.process.returncode == 0
    assert alive_in(home) == []


@pytest.mark.timeout(STARTED_WITHIN * 2)
def test_a_stop_in_the_middle_of_starting_leaves_nothing_either(up: Any, home: Path) -> None:
    run = up()
    run.until("starting PostgreSQL")

    assert run.stop(signal.SIGTERM) < 10

    # A server that initdb itself had started ends when it reads that initdb is gone.
    assert wait_until(lambda: alive_in(home) == [], within=5)


@pytest.mark.timeout(STARTED_WITHIN * 2)
def test_what_kill_minus_nine_leaves_does_not_block_the_next_start(up: Any) -> None:
    killed = up()
    killed.until("Ctrl-C stops everything")
    web = killed.pids()["web"]
    killed.stop(signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(web, signal.SIGKILL)  # its helpers keep the port without it

    again = up()

    again.until("Bongsu is ready")
    assert again.answers("/healthz")


@pytest.mark.timeout(STARTED_WITHIN * 2)
def test_whatever_dies_is_started_again(up: Any) -> None:
    run = up()
    run.until("Ctrl-C stops everything")
    before = run.pids()

    for name in ("postgres", "worker-pages", "web"):
        with contextlib.suppress(ProcessLookupError):  # the loss of one may have ended another
            os.kill(before[name], signal.SIGKILL)

    changed = ("postgres", "worker-pages", "web")
    assert wait_until(lambda: all(run.pids().get(n) != before[n] for n in changed), within=20)
    assert wait_until(lambda: run.answers("/readyz"), within=30)


@pytest.mark.timeout(STARTED_WITHIN * 2)
def test_a_second_supervisor_of_the_same_home_is_refused(up: Any) -> None:
    up().until("Bongsu is ready")

    second = up()

    assert "already running" in second.rest()
    assert second.process.returncode == 2


def test_a_taken_port_is_a_sentence_that_says_what_to_do(up: Any, ports: tuple[int, int]) -> None:
    with socket.create_server(("127.0.0.1", ports[0])):
        run = up()
        said = run.rest()

    assert f"Port {ports[0]} for the portal is taken" in said
    assert "PORT=" in said
    assert "Traceback" not in said
    assert run.process.returncode == 1

"""The real thing: `manage.py up` in a home of its own, stopped in every way people stop things."""

import contextlib
import json
import os
import re
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
from tests import running
from tests.running import until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket]

STARTED_WITHIN = 180


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> running.Prepared:
    return running.prepared(tmp_path_factory, "up")


@pytest.fixture(scope="module")
def home(begun: running.Prepared) -> Path:
    return begun.home


@pytest.fixture
def ports() -> tuple[int, int]:
    return running.free_ports()


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


@pytest.mark.timeout(STARTED_WITHIN * 2)
def test_it_says_where_everything_is_stops_soon_and_a_second_start_repeats_no_work(
    up: Any, begun: running.Prepared
) -> None:
    assert "preparing the database" in begun.said
    assert re.search(r"First user +commander / \S{12}\n", begun.said)

    first = up()
    first.until("Bongsu is ready")
    assert f"http://127.0.0.1:{first.port}/ingest/generic/" in first.until("curl")
    assert_stops_well(first, signal.SIGINT)
    second = up()
    second.until("Ctrl-C stops everything")
    assert_stops_well(second, signal.SIGTERM)

    said = "".join(second.lines)
    assert "preparing the database" not in said
    assert "collecting static files" not in said


def assert_stops_well(run: Run, number: signal.Signals) -> None:
    assert run.stop(number) < 10
    assert run.process.returncode == 0
    assert alive_in(run.home) == []


@pytest.mark.timeout(STARTED_WITHIN * 2)
def test_a_stop_in_the_middle_of_starting_leaves_nothing_either(up: Any, home: Path) -> None:
    run = up()
    run.until("starting PostgreSQL")

    assert run.stop(signal.SIGTERM) < 10

    # A server that initdb itself had started ends when it reads that initdb is gone.
    assert until(lambda: alive_in(home) == [], within=5)


@pytest.mark.timeout(STARTED_WITHIN * 3)
def test_what_kill_minus_nine_leaves_does_not_block_the_next_start_which_heals_and_stays_the_only_one(
    up: Any,
) -> None:
    killed = up()
    killed.until("Ctrl-C stops everything")
    web = killed.pids()["web"]
    killed.stop(signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(web, signal.SIGKILL)  # its helpers keep the port without it

    again = up()
    again.until("Ctrl-C stops everything")
    assert again.answers("/healthz")
    assert_is_the_only_one(up())
    assert_heals(again)


def assert_is_the_only_one(second: Run) -> None:
    assert "already running" in second.rest()
    assert second.process.returncode == 2


def assert_heals(run: Run) -> None:
    """Whatever dies is started again."""
    before, killed = run.pids(), ("postgres", "worker-pages", "web")

    for name in killed:
        with contextlib.suppress(ProcessLookupError):  # the loss of one may have ended another
            os.kill(before[name], signal.SIGKILL)

    assert until(lambda: all(run.pids().get(n) != before[n] for n in killed), within=20)
    assert until(lambda: run.answers("/readyz"), within=30)


def test_a_taken_port_is_a_sentence_that_says_what_to_do(up: Any, ports: tuple[int, int]) -> None:
    with socket.create_server(("127.0.0.1", ports[0])):
        run = up()
        said = run.rest()

    assert f"Port {ports[0]} for the portal is taken" in said
    assert "PORT=" in said
    assert "Traceback" not in said
    assert run.process.returncode == 1

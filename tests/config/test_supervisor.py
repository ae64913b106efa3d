import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config import leftovers, logs
from config.children import command_line, environment, spawn, wait_or_kill
from config.processes import Process
from config.restarts import FIRST
from config.supervisor import Supervisor


class Enough(Exception):
    pass


def python(code: str, *, name: str = "trial", stage: int = 1) -> Process:
    return Process(name, [sys.executable, "-S", "-c", code], stage=stage)


def wait_until(condition: Callable[[], bool], *, within: float = 5) -> bool:
    deadline = time.monotonic() + within
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def watch(home: Path, *processes: Process, ticks: int) -> list[str]:
    """Run the supervisor for some ticks, stop it, and hand back what it said."""
    said: list[str] = []
    left = iter(range(ticks))

    def announce() -> bool:
        if next(left, None) is None:
            raise Enough
        return False

    supervisor = Supervisor(home, processes, None, said.append)
    with contextlib.suppress(Enough):
        supervisor.run(announce=announce)
    supervisor.stop()
    return said


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path


def test_a_process_that_dies_is_started_again_and_its_last_words_are_shown(home: Path) -> None:
    counting = python("print('no fuel'); open('{}', 'a').write('x')".format(home / "count"))

    said = watch(home, counting, ticks=15)

    assert len((home / "count").read_text()) >= 2
    assert said[0].startswith(f"trial ended (exit 0), starting it again in {FIRST:g} s")
    assert said[0].endswith("ends with: no fuel")


def test_the_pause_doubles_while_it_keeps_dying(home: Path) -> None:
    said = watch(home, python("raise SystemExit(3)"), ticks=25)

    assert ["in 0.2 s" in said[0], "in 0.4 s" in said[1]] == [True, True]
    assert "exit 3" in said[0]


def test_a_process_that_will_not_end_is_killed_with_its_helpers(home: Path) -> None:
    stubborn = python(
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); child = os.fork();"
        f"open('{home}/pids', 'a').write(f'{{os.getpid()}} '); time.sleep(60)",
        stage=0,
    )

    watch(home, stubborn, ticks=8)

    pids = (home / "pids").read_text().split()
    assert len(pids) == 2
    assert wait_until(lambda: not any(command_line(int(pid)) for pid in pids))


def test_what_a_killed_supervisor_left_is_found_by_its_mark(home: Path) -> None:
    with logs.of(home, "trial").open("a") as output, contextlib.ExitStack() as cleanup:
        ours, theirs = [
            spawn(["sleep", "60"], env=environment(of), output=output.fileno())
            for of in (home, home / "other")
        ]
        for child in (ours, theirs):
            cleanup.callback(wait_or_kill, child, within=0)

        assert leftovers.end(home) == 1

        assert ours.poll() is not None
        assert theirs.poll() is None


def test_a_log_that_grew_too_large_keeps_one_older_part(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LARGEST", 10)
    log = logs.of(home, "web")
    with log.open("a") as writer:
        print("a long story", file=writer, flush=True)

        logs.trim(home)
        print("more", file=writer)

    assert log.read_text() == "more\n"
    assert log.with_suffix(".log.1").read_text() == "a long story\n"

"""The web, the workers and Beat, forked from one process that has loaded the product once.

Processes of their own would each carry 80 MB and take seconds of one core to start; forks share
what they do not change, and one that dies is back at once. Takes the web's command line. On several
hosts run the plain ones of granian and Celery instead, as docs/operations.md shows.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

import celery.apps.beat
import celery.apps.worker  # noqa: F401
import django
from celery.concurrency import thread  # noqa: F401 - loaded before the fork, shared by all
from celery.worker import WorkController
from django.core.management import call_command
from kombu.transport import filesystem  # noqa: F401

from config import children, logs, web
from config.celery import app
from config.restarts import Pause
from notifications.places import take_place

THREADS: Final = 4
GLANCE: Final = 0.1
# In a storm the door comes first: what is accepted waits safely, a sender does not. Then people
# are paged; those who only hear of it, and the printer, come last.
YIELDING: Final = 5
LAST: Final = 10
# Workers need neither each other's news nor roll calls: rows say what is to be done.
LONELY: Final = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True}


@dataclass
class Member:
    name: str
    live: Callable[[], int]
    nice: int = YIELDING
    pid: int = 0
    born: float = 0.0
    due: float = 0.0
    pause: Pause = field(default_factory=Pause)


def worker(name: str, *queues: str) -> Callable[[], int]:
    def live() -> int:
        process = hire(name, queues)
        process.start()
        return int(process.exitcode or 0)

    return live


def hire(name: str, queues: Iterable[str]) -> WorkController:
    made: WorkController = app.Worker(
        hostname=f"{name}@{socket.gethostname()}",
        queues=list(queues),
        pool="threads",
        concurrency=THREADS,
        loglevel="WARNING",
        quiet=True,  # or each start draws a picture of Celery's settings into the log
        **LONELY,
    )
    return made


def serve() -> int:
    web.serve()
    return 0


def beat() -> int:
    app.Beat(loglevel="WARNING", quiet=True).run()
    return 0


def watch_logs() -> int:
    call_command("watch_logs")
    return 0


def household(home: Path) -> str:
    """Names whatever the one supervisor of this home keeps; a copy of the home has another name."""
    lock = (home / "run" / "lock").stat()
    return f"{socket.gethostname()}:{lock.st_dev:x}:{lock.st_ino:x}"


class Family:
    def __init__(self, home: Path) -> None:
        self.home, self.household = home, household(home)
        self.leaving = False
        # What the supervisor does to those left of a dead family: whoever comes next needs the port.
        self.vow = children.dies_with_parent(signal.SIGKILL)
        self.members = [
            Member("web", serve, nice=0),
            Member("worker-pages", worker("pages", "page")),
            Member("worker-sight", worker("sight", "sight")),
            Member("worker-background", worker("background", "notify", "bulk", "pdf"), LAST),
            Member("worker-crowd", worker("crowd", "crowd"), LAST),
            Member("watch-logs", watch_logs, LAST),
            Member("beat", beat),
        ]

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._leave)
        while not self.leaving:
            for member in self.members:
                if not member.pid and time.monotonic() >= member.due:
                    self._fork(member)
            self._bury()
            time.sleep(GLANCE)
        self._end()

    def _leave(self, _number: int, _frame: FrameType | None) -> None:
        self.leaving = True

    def _fork(self, member: Member) -> None:
        member.born, member.pid = time.monotonic(), os.fork()
        if member.pid == 0:
            os._exit(self._grow_up(member))
        self._tell()

    def _bury(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (dead := os.waitpid(-1, os.WNOHANG))[0]:
                self._mourn(*dead)

    def _mourn(self, pid: int, status: int) -> None:
        for member in self.members:
            if member.pid == pid:
                code = os.waitstatus_to_exitcode(status)
                print(f"{member.name} ended ({code}), starting it again", flush=True)  # noqa: T201
                now = time.monotonic()
                member.pid = 0
                member.due = now + member.pause.after(code, lived=now - member.born)

    def _end(self) -> None:
        """Everyone is asked to end; the supervisor's patience is the bound."""
        for member in self.members:
            if member.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(member.pid, signal.SIGTERM)
        for member in self.members:
            if member.pid:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(member.pid, 0)

    def _grow_up(self, member: Member) -> int:
        """In the child: a log, signals and a death bed of its own, then its work until it ends."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        if self.vow:
            self.vow()
        os.nice(member.nice)
        with logs.of(self.home, member.name).open("a") as output:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
                os.dup2(output.fileno(), stream.fileno())
        take_place(f"{self.household}/{member.name}")
        try:
            return member.live()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 1
        except Exception:
            # Beyond this the interpreter would wait for threads that may never end.
            traceback.print_exc()
            return 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()

    def _tell(self) -> None:
        pids = {member.name: member.pid for member in self.members if member.pid}
        children.tell(self.home / "run" / "family.json", pids)


def main() -> None:
    django.setup()
    # Once for all: each child would check every model again, load what a worker is made of, and
    # copy 20 MB in passing.
    app.loader.init_worker()
    hire("nobody", [])
    web.load("config.wsgi")
    Family(Path(os.environ["BONGSU_HOME"])).run()


if __name__ == "__main__":
    main()

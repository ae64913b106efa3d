"""Keeps the processes running, in the foreground, until somebody says stop."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config import children, logs
from config.postgres import EmbeddedPostgres, StartError
from config.processes import Process
from config.restarts import Pause
from config.telling import Say

TICK = 0.1
DATABASE_PAUSE = 30.0
NOT_STARTED = 1
TRIM_EVERY = 60.0
# Ten seconds are promised for everything; PostgreSQL needs the last ones.
STAGE_PATIENCE = (1.0, 6.0, 0.5)  # a send may take five
DATABASE_PATIENCE = 2.0


@dataclass
class Watched:
    process: Process
    log: Path
    child: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: Pause = field(default_factory=Pause)
    due: float = 0.0


class Supervisor:
    def __init__(
        self, home: Path, processes: Sequence[Process], database: EmbeddedPostgres | None, say: Say
    ) -> None:
        self.home = home
        self.watched = [Watched(process, logs.of(home, process.name)) for process in processes]
        self.database = database
        self.say = say
        self.database_due = 0.0
        self.trimmed = time.monotonic()

    def run(self, *, announce: Callable[[], bool]) -> None:
        """Until an exception ends it; `announce` is asked until it says that it has."""
        announced = False
        while True:
            self._keep_database()
            for watched in self.watched:
                self._keep(watched)
            self._trim_logs()
            announced = announced or announce()
            time.sleep(TICK)

    def stop(self) -> None:
        """Stage by stage, so that whoever still works finds what it works with."""
        for stage, patience in enumerate(STAGE_PATIENCE):
            ending = [w.child for w in self.watched if w.process.stage == stage and w.child]
            for child in ending:
                children.ask_to_end(child)
            deadline = time.monotonic() + patience
            for child in ending:
                children.wait_or_kill(child, within=deadline - time.monotonic())
        if self.database is not None:
            self.database.stop(within=DATABASE_PATIENCE)

    def _keep(self, watched: Watched) -> None:
        now = time.monotonic()
        if watched.child is None:
            if now >= watched.due:
                self._start(watched)
        elif watched.child.poll() is not None:
            self._bury(watched, watched.child)

    def _start(self, watched: Watched) -> None:
        command, env = watched.process.command, children.environment(self.home)
        env |= {name: os.environ[name] for name in watched.process.secrets if name in os.environ}
        watched.started = time.monotonic()
        try:
            with watched.log.open("a") as output:
                watched.child = children.spawn(command, env=env, output=output.fileno())
        except OSError as problem:  # no memory or no process left: there may be soon
            self._postpone(watched, NOT_STARTED, f"cannot start ({problem.strerror})")
        self._write_pids()

    def _bury(self, watched: Watched, child: subprocess.Popen[str]) -> None:
        children.sweep(child)
        watched.child = None
        self._postpone(watched, child.returncode, f"ended ({_ending(child.returncode)})")

    def _postpone(self, watched: Watched, ending: int, what: str) -> None:
        now = time.monotonic()
        pause = watched.pause.after(ending, lived=now - watched.started)
        watched.due = now + pause
        self.say(
            f"{watched.process.name} {what}, starting it again in {pause:g} s; "
            f"{watched.log} ends with: {logs.last_words(watched.log)}"
        )

    def _keep_database(self) -> None:
        now = time.monotonic()
        if self.database is None or self.database.alive or now < self.database_due:
            return
        self.say("PostgreSQL ended, starting it again")
        try:
            self.database.start()
        except StartError as sentence:
            self.say(str(sentence))
            self.database_due = now + DATABASE_PAUSE
        self._write_pids()

    def _trim_logs(self) -> None:
        if time.monotonic() - self.trimmed > TRIM_EVERY:
            with contextlib.suppress(OSError):  # a full disk must not end what still runs
                logs.trim(self.home)
            self.trimmed = time.monotonic()

    def _write_pids(self) -> None:
        pids = {w.process.name: w.child.pid for w in self.watched if w.child}
        pids["supervisor"] = os.getpid()
        if self.database is not None and self.database.server is not None:
            pids["postgres"] = self.database.server.pid
        children.tell(self.home / "run" / "pids.json", pids)


def _ending(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name

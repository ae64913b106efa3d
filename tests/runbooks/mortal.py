"""Workers that are processes of their own, and die by SIGKILL where a test wants it."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from django.db import connection

from tests.runbooks.recovering import BASE, HANDS

# It loads Django once, and is forked for each life: its child runs what there is to run, and dies at the point it is told.
NURSERY = """
import os, signal, sys, threading, time
from datetime import timedelta
sys.path.insert(0, {base!r})
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = {database!r}
from core import clock
from integrations import pg_databases, pg_programs, ssh
from runbooks import crew, services
from runbooks.services import advancing
advancing.LEASE, crew.RENEWED = timedelta(seconds=10), 1.0

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def dies(module, name, when, fits=lambda given: True):
    real = getattr(module, name)
    def other(*given, **more):
        if not fits(given):
            return real(*given, **more)
        if when == "before":
            die()
        if when == "during":
            threading.Timer(0.05, die).start()
        found = real(*given, **more)
        die()
        return found
    setattr(module, name, other)

def filling(given):
    return "--exit-on-error" in given

def changing(given):
    return given[1][1] in ("stop", "start")

def ends(kind):
    return lambda given: given[0].step.kind == kind

POINTS = {{
    "make": lambda when: dies(pg_databases, "make", when),
    "fill": lambda when: dies(pg_programs, "run", when, filling),
    "rename": lambda when: dies(pg_databases, "rename", when),
    "command": lambda when: dies(ssh, "run", when, changing),
}}

def live(told):
    point, _colon, when = told.partition(":")
    if point in POINTS:
        POINTS[point](when)
    elif point:
        dies(services, "finish", when, ends(point))
    while True:
        for run in services.going(at=clock.database_now()):
            crew.crew.advance(run)
        time.sleep(0.05)

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        live(line.strip())
    print(child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


@dataclass
class Hands:
    pid: int

    def lives(self) -> bool:
        """Its parent has not yet seen it die."""
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2][:1]
        except OSError:
            return False
        return state != "Z"

    def kill(self) -> None:
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


class Nursery:
    """One worker at a time: the next begins when the one before is dead."""

    def __init__(self, home: Path) -> None:
        script = NURSERY.format(base=str(BASE), database=connection.settings_dict["NAME"])
        env = os.environ | {"PATH": f"{HANDS}:{os.environ['PATH']}", "HOME": str(home)}
        self._parent = subprocess.Popen(
            [sys.executable, "-c", script], cwd=BASE, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._last: Hands | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_given: Any) -> None:
        if self._last:
            self._last.kill()
        self._parent.kill()
        self._parent.wait()

    def worker(self, point: str = "") -> Hands:
        assert self._parent.stdin
        assert self._parent.stdout
        if self._last:
            assert self._parent.stdout.readline() == "dead\n"
        self._parent.stdin.write(f"{point}\n")
        self._parent.stdin.flush()
        self._last = Hands(int(self._parent.stdout.readline()))
        return self._last

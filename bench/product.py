"""The real product, started as a person would start it, with default settings, and stopped again."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.database import Database
from bench.inbox import Inbox
from config.children import BASE
from config.options import MAIL_OFFSET

STARTED_WITHIN = 240.0
STOPPED_WITHIN = 30.0
PASSWORD = "a password for an hour"  # noqa: S105 - of a portal that lives for one run
WORKERS = ("portal", "worker-pages", "worker-sight", "worker-background", "worker-crowd", "beat")


class DidNotStart(Exception):
    """What the product said instead of being ready."""


@dataclass(frozen=True)
class Product:
    home: Path
    port: int
    sandbox_port: int

    @property
    def environment(self) -> dict[str, str]:
        """What a command of the product needs to find this one; nothing of ours leaks in."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "BONGSU_HOME": str(self.home),
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "BONGSU_ADMIN_PASSWORD": PASSWORD,
        }

    @property
    def pids(self) -> dict[str, int]:
        """By name: what the supervisor started, and what the portal's parent forked."""
        notes = (self.home / "run" / name for name in ("pids.json", "family.json"))
        return {name: pid for note in notes for name, pid in json.loads(note.read_text()).items()}

    @cached_property
    def database(self) -> Database:
        return Database(self.home)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.sandbox_port)

    def run(self, *command: str, timeout: float = 300) -> str:
        """What a Python module or script of the tree says, run beside the product."""
        done = subprocess.run(  # noqa: S603 - our own command lines
            [sys.executable, *command],
            cwd=BASE,
            env=self.environment,
            timeout=timeout,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    def integration(self, name: str) -> str:
        """The path to which an Alertmanager of this name posts."""
        said = self.run("manage.py", "integration", "add", "alertmanager", "--name", name)
        address, _token = said.strip().splitlines()[-2:]
        return "/" + address.split("/", 3)[3]


@contextlib.contextmanager
def running() -> Iterator[Product]:
    """A product in an empty home and on free ports, gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="bongsu-bench-"))
    try:
        with started(home) as product:
            yield product
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def started(home: Path) -> Iterator[Product]:
    """From when it says that it is ready until it is gone; its home stays."""
    product = Product(home, *_ports())
    supervisor = _start(product)
    try:
        _until_ready(supervisor)
        yield product
    finally:
        supervisor.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            supervisor.communicate(timeout=STOPPED_WITHIN)
        supervisor.kill()


def _start(product: Product) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=BASE,
        env=product.environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _until_ready(supervisor: subprocess.Popen[str]) -> None:
    """Its banner's last line says how to stop it. A product that hangs is ended by the alarm."""
    said = []
    for line in supervisor.stdout or ():
        said.append(line)
        if "Ctrl-C" in line:
            return
    raise DidNotStart("".join(said[-10:]))


def _ports() -> tuple[int, int]:
    """Below the range from which the system lends ports to anybody who connects."""
    free = [port for port in range(20000 + os.getpid() % 9000, 30000, 40) if is_free(port)]
    return free[0], next(port for port in free[1:] if is_free(port + MAIL_OFFSET))


def is_free(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False

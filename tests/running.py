"""The real product: `manage.py up` on free ports in a home of its own, met over the wire like by anybody."""

import contextlib
import fcntl
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil
import psycopg2
import pytest
from django.db import connection

from config import postgres
from config.children import BASE, MARK
from config.options import MAIL_OFFSET
from monitoring.models import Integration
from monitoring.registry import addressed
from tests.environment import LANE
from tests.outside import Sandbox

PASSWORD = "beacon-fire-relay-1"
MOVE = """
UPDATE teams_team SET webhook_url = %s || substring(webhook_url FROM '/webhook/.*')
 WHERE webhook_url <> ''
"""
READY_WITHIN = 180.0
OUTPUT = "up.log"


@dataclass(frozen=True)
class Prepared:
    """A home that was started once and stopped: each test runs a copy of it."""

    home: Path
    api_token: str

    @property
    def said(self) -> str:
        """What the terminal showed at that first start."""
        return (self.home / OUTPUT).read_text()


class Product:
    def __init__(
        self,
        home: Path,
        ports: tuple[int, int],
        api_token: str = "",
        *,
        broker: str = "filesystem://",
        more: Mapping[str, str] | None = None,
    ) -> None:
        self.home, (self.port, sandbox_port), self.broker = home, ports, broker
        self.more = dict(more or {})  # settings besides the usual ones
        self.url = f"http://127.0.0.1:{self.port}"
        self.sandbox = Sandbox(sandbox_port, home / "journal.jsonl")
        token = {"Authorization": f"Token {api_token}"} if api_token else {}
        self.api = httpx2.Client(base_url=self.url, headers=token, timeout=60)
        self.output = home / OUTPUT
        self._by_hand: list[subprocess.Popen[bytes]] = []
        self._up: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Nothing inherited, and nothing from a developer's .env: no page may reach a real person."""
        sandbox = self.sandbox.port
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "BONGSU_HOME": str(self.home),
            "BONGSU_ENV": "test",
            "BONGSU_ADMIN_PASSWORD": PASSWORD,
            "PORT": str(self.port),
            "SANDBOX_PORT": str(sandbox),
            "SANDBOX_JOURNAL": str(self.sandbox.journal_file),
            "DATABASE_URL": "",
            "CELERY_BROKER_URL": self.broker,
            "EMAIL_URL": f"smtp://127.0.0.1:{sandbox + MAIL_OFFSET}",
            "SLACK_API_URL": f"{self.sandbox.url}/slack/api/",
            "TWILIO_API_URL": f"{self.sandbox.url}/twilio",
            "BONGSU_OUTBOUND_ALLOW": f"127.0.0.1:{sandbox}",
            **self.more,
        }

    def start(self) -> None:
        with self.output.open("a") as output:
            self._up = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=BASE,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        assert until(lambda: self.is_ready() or self._up_has_ended(), within=READY_WITHIN)
        assert not self._up_has_ended(), self.output.read_text()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask the supervisor to end; how many seconds it took."""
        assert self._up is not None
        started = time.monotonic()
        self._up.send_signal(number)
        self._up.wait(timeout=60)
        return time.monotonic() - started

    def end(self) -> None:
        """However the test went, nothing of it stays."""
        for process in self._by_hand:
            process.kill()
            process.wait()
        if self._up is not None and self._up.poll() is None:
            self.stop()
        for left in self.processes():
            left.kill()
        self.sandbox.http.close()
        self.api.close()

    def is_ready(self) -> bool:
        with contextlib.suppress(httpx2.HTTPError):
            return bool(self.api.get("/readyz", timeout=5).is_success)
        return False

    def pids(self) -> dict[str, int]:
        """The supervised processes by name."""
        found: dict[str, int] = {}
        for note in ("pids.json", "family.json"):
            with contextlib.suppress(FileNotFoundError):
                found |= json.loads((self.home / "run" / note).read_text())
        return found

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """The one of now, if it is just being replaced."""
        assert until(lambda: psutil.pid_exists(self.pids().get(name, -1)), within=60)
        os.kill(self.pids()[name], number)

    @contextlib.contextmanager
    def kept_down(self, name: str) -> Iterator[None]:
        """Killed, and for the time of a `with` block nobody starts it again."""
        process = psutil.Process(self.pids()[name])
        guardian = process.parent()
        assert guardian is not None
        guardian.suspend()
        try:
            process.kill()
            yield
        finally:
            guardian.resume()

    def kill_everything(self) -> None:
        """The whole house at once, as when the power fails; who was just being started again is no survivor."""
        assert self._up is not None
        self._up.kill()
        while found := self.processes():
            for process in found:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(found, timeout=1)
        self._up.wait()

    def another_worker(self) -> subprocess.Popen[bytes]:
        """A second sender of pages, started by hand as on a second host."""
        name = f"--hostname=by-hand-{len(self._by_hand)}@%h"
        lonely = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        threads = ("--pool=threads", "--concurrency=4")
        return self._celery("worker", name, "--queues=page", *threads, *lonely)

    def another_beat(self) -> subprocess.Popen[bytes]:
        return self._celery("beat", "--scheduler=config.scheduler:LeasedScheduler", "--pidfile=")

    def _celery(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        with (self.home / "log" / f"second-{kind}.log").open("a") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app=config", kind, "--loglevel=INFO", *options],
                cwd=BASE,
                env=self.environment,
                stdout=output,
                stderr=output,
            )
        self._by_hand.append(process)
        return process

    def processes(self) -> list[psutil.Process]:
        """Every living process of this home but the supervisor."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.environ().get(MARK) == str(self.home):
                    found.append(process)
        return found

    def manage(self, *words: str) -> str:
        """What a management command prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=BASE,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def door(self) -> str:
        """The address that the start itself prints for a first alert."""
        return (self.home / "first-integration.url").read_text().strip()

    def integration(self, source: str, *, name: str) -> str:
        """The address a new sender of alerts is given; to ask a command for it takes three seconds."""
        row = Integration(source=source, name=name)
        token = row.new_token()
        fields = [field for field in row._meta.concrete_fields if not field.primary_key]
        values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
        columns, places = ", ".join(f.column for f in fields), ", ".join(["%s"] * len(fields))
        self.sql(f"INSERT INTO {row._meta.db_table} ({columns}) VALUES ({places})", *values)  # noqa: S608
        return addressed(source, self.url, token)

    def sql(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """Asked of the database itself, past all our code."""
        at = postgres.connection(self.home)
        where = {"host": at.host, "port": at.port, "user": at.user, "password": at.password}
        with (
            contextlib.closing(psycopg2.connect(dbname=at.name, **where)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(question, values)
            return cursor.fetchall() if cursor.description else []

    def _up_has_ended(self) -> bool:
        return self._up is not None and self._up.poll() is not None


@contextlib.contextmanager
def product(
    temporary: pytest.TempPathFactory,
    name: str,
    *,
    broker: str = "filesystem://",
    more: Mapping[str, str] | None = None,
) -> Iterator[Product]:
    """A running product with the manual's people and severities, and nothing else in it."""
    own = prepared(temporary, name)
    running = Product(own.home, free_ports(), own.api_token, broker=broker, more=more)
    try:
        running.start()
        running.sql(
            MOVE, running.sandbox.url
        )  # where it was when this home was prepared is another
        yield running
    finally:
        running.end()


def prepared(temporary: pytest.TempPathFactory, name: str) -> Prepared:
    """A copy of a home that was started once."""
    model = _started_once(temporary.getbasetemp().parent if LANE else temporary.getbasetemp())
    home = temporary.mktemp(name) / "home"
    subprocess.run(["cp", "-a", model.home, home], check=True)
    return Prepared(home, model.api_token)


def _started_once(folder: Path) -> Prepared:
    """The slow first start, once for all tests of all lanes."""
    home, told = folder / "prepared", folder / "prepared.token"
    with (folder / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(_first_start(home))
    return Prepared(home, told.read_text())


def _first_start(home: Path) -> str:
    """A token of the commander's for the API. Nobody has chosen a password yet."""
    home.mkdir(exist_ok=True)
    first = Product(home, free_ports(), more={"BONGSU_ADMIN_PASSWORD": ""})
    try:
        first.start()
        return first.manage("api-token", "commander").splitlines()[-1]
    finally:
        first.end()


def free_ports() -> tuple[int, int]:
    """For the portal and for the sandbox, which opens a second one for mail; none is handed out twice.

    Below those that the system hands out to clients, for they have to stay free between two starts.
    """
    while True:
        portal, sandbox = _dice.sample(_lanes_own(), 2)
        wanted = {portal, sandbox, sandbox + MAIL_OFFSET}
        if not wanted & _given and all(map(is_free, wanted)):
            _given.update(wanted)
            return portal, sandbox


def _lanes_own() -> range:
    """Two lanes never try the same: between a look at a port and its use the other would take it."""
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    lane = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return range(20_000, 32_000)[
        lane * 12_000 // count : (lane + 1) * 12_000 // count - MAIL_OFFSET
    ]


_dice = random.SystemRandom()  # the seed of the tests' order would try the same in all lanes
_given: set[int] = set()  # some that were given and not yet used look free


def is_free(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False


def until(condition: Callable[[], Any], *, within: float, every: float = 0.1) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True

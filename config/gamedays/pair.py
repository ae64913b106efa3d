"""Two real PostgreSQL on loopback, one of which follows the other: a site to lose, and one to take over. Gone afterwards."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from config import children
from config.cluster import SUPERUSER, Cluster, StartError, last_line
from integrations.pg_replicas import Part, look
from integrations.postgresql import Fault

SETTINGS: Final = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "40",
    "shared_buffers": "16MB", "max_wal_size": "128MB", "timezone": "UTC", "log_timezone": "UTC",
    "wal_sender_timeout": "30s", "synchronous_commit": "on",
}  # fmt: skip
READY: Final = 60.0  # seconds


@dataclass
class Server:
    home: Path
    port: int
    password: str = ""
    child: "subprocess.Popen[str] | None" = None
    cluster: Cluster = field(init=False)

    def __post_init__(self) -> None:
        self.cluster = Cluster(self.home)

    @property
    def dsn(self) -> str:
        return f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def initialise(self) -> None:
        self.home.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.cluster.ensure_initialised()
        self.password = self.cluster.secret("superuser")

    def follow(self, primary: "Server") -> None:
        """A copy of it that goes on to follow it."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.cluster.folder.mkdir(mode=0o711, parents=True)
        self.cluster.log.parent.mkdir(mode=0o700)
        self.password, self.cluster.account = primary.password, primary.cluster.account
        self.cluster.data.mkdir(mode=0o700)
        self.cluster.account.own(self.cluster.data)
        done = self.cluster.run(
            "pg_basebackup", "--pgdata", str(self.cluster.data), "--write-recovery-conf",
            "--checkpoint=fast", "--dbname", f"host=127.0.0.1 port={primary.port} user={SUPERUSER}",
            PGPASSWORD=self.password,
        )  # fmt: skip
        if done.returncode:
            raise StartError(last_line(done.stderr))

    def start(self) -> None:
        """Raises StartError."""
        options = [
            f"--{name}={value}" for name, value in (SETTINGS | {"port": str(self.port)}).items()
        ]
        with self.cluster.log.open("a") as output:
            self.child = children.spawn(
                self.cluster.command("postgres", "-D", str(self.cluster.data), *options),
                env=self.cluster.environment(), output=output.fileno(), farewell=signal.SIGINT,
            )  # fmt: skip
        until = time.monotonic() + READY
        while time.monotonic() < until and self.child.poll() is None:
            if self.part is not None:
                return
            time.sleep(0.1)
        raise StartError(last_line(self.cluster.log.read_text(errors="replace")))

    @property
    def part(self) -> Part | None:
        try:
            return look(self.dsn, seconds=2.0).part
        except (Fault, TimeoutError):
            return None

    def stop_sending(self) -> None:
        """Its line to the replica hangs, as a cut cable leaves it: it goes on to take writes."""
        for one in self._processes():
            if "walsender" in " ".join(one.cmdline()):
                one.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """All of it at once, as without power."""
        for one in self._processes():
            with suppress(psutil.NoSuchProcess):
                one.kill()
        if self.child is not None:
            self.child.wait()

    def _processes(self) -> list[psutil.Process]:
        """The postmaster first: it starts none anew."""
        if self.child is None or self.child.poll() is not None:
            return []
        with suppress(psutil.NoSuchProcess):
            leader = psutil.Process(self.child.pid)
            return [leader, *leader.children(recursive=True)]
        return []


@contextmanager
def pair(folder: Path) -> Iterator[tuple[Server, Server]]:
    """The primary, and its replica. Raises StartError."""
    shutil.rmtree(folder, ignore_errors=True)
    here, there = (Server(folder / name, _free_port()) for name in ("here", "there"))
    try:
        here.initialise()
        here.start()
        there.follow(here)
        there.start()
        yield here, there
    finally:
        for one in (there, here):
            one.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])

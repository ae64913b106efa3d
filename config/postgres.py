"""The embedded PostgreSQL: a real server from a wheel, one cluster per BONGSU_HOME.

Nothing outside this module and `cluster` knows of it; whoever wants the database reads a
`Connection`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config import children, unprivileged
from config.cluster import APPLICATION, PORT, SETTINGS, Cluster, StartError, last_line

__all__ = ["Connection", "EmbeddedPostgres", "StartError", "connection", "running"]

READY_WITHIN = 30.0
RECOVERED_WITHIN = 600.0  # a server that says it is starting replays its log: never interrupt that


@dataclass(frozen=True)
class Connection:
    host: str
    port: int
    user: str
    password: str
    name: str


def connection(home: Path) -> Connection:
    """Where the cluster of this home answers: only reads files, works before there is a cluster."""
    cluster = Cluster(home)
    return Connection(
        host=str(cluster.sockets),
        port=PORT,
        user=APPLICATION,
        password=cluster.secret("application"),
        name=APPLICATION,
    )


@contextlib.contextmanager
def running(home: Path, **settings: str) -> Iterator[Connection]:
    """A server for the time of a `with` block; `fsync="off"` and the like suit tests."""
    server = EmbeddedPostgres(home, **settings)
    server.start()
    try:
        yield connection(home)
    finally:
        server.stop()


class EmbeddedPostgres:
    """The server of one home, which is our child and ends with us."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.cluster = Cluster(home)
        self.settings = SETTINGS | settings
        self.server: subprocess.Popen[str] | None = None

    @property
    def alive(self) -> bool:
        return self.server is not None and self.server.poll() is None

    def start(self) -> None:
        """Ready when this returns; a cluster is made where there is none yet."""
        if self.alive:
            return
        try:
            self.cluster.ensure_initialised()
            self.end_leftover()
            self._make_socket_directory()
            self._run_until_ready()
            self.cluster.provision()
        except (OSError, unprivileged.CannotStepDown) as problem:
            self.stop()
            raise self.cluster.unable(problem) from problem
        except BaseException:
            self.stop()
            raise

    def stop(self, *, within: float = 8.0) -> None:
        """Fast shutdown; when that takes too long the immediate one, which recovery mends."""
        if self.server is None:
            return
        _end(self.server, within)
        self.server = None
        with contextlib.suppress(OSError):  # not empty: a server that had to be killed
            self.cluster.sockets.rmdir()

    def end_leftover(self) -> None:
        """Stop a server whose supervisor was killed: ours must be our child.

        Postgres itself forgives a lock file of a dead process, but not an empty one, nor one whose
        number the system has given to somebody else meanwhile.
        """
        lock = self.cluster.data / "postmaster.pid"
        if not lock.exists():
            return
        number = lock.read_text().partition("\n")[0]
        pid = int(number) if number.isdigit() else 0
        if self._is_our_server(pid):
            self._stop_leftover(pid)
        else:
            lock.unlink()

    def _stop_leftover(self, pid: int) -> None:
        for number, patience in ((signal.SIGINT, 8.0), (signal.SIGQUIT, 3.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if _within(patience, lambda: not self._is_our_server(pid)):
                return

    def _is_our_server(self, pid: int) -> bool:
        return str(self.cluster.data) in children.command_line(pid)

    def _make_socket_directory(self) -> None:
        """In /tmp somebody else may have made it first; then we had better not use it."""
        sockets, account = self.cluster.sockets, self.cluster.account
        with contextlib.suppress(FileExistsError):
            sockets.mkdir(mode=0o700)
        found = sockets.lstat()
        if found.st_uid == os.geteuid() and not sockets.is_symlink():
            account.own(sockets)  # made just now, or by a start that was killed before it got here
            found = sockets.lstat()
        if sockets.is_symlink() or found.st_uid != account.uid or found.st_mode & 0o077:
            raise StartError(
                f"The socket folder {sockets} belongs to somebody else: "
                "remove it or choose another BONGSU_HOME."
            )
        # What a killed server left names a process number, which may be somebody else's by now.
        for stale in sockets.glob(".s.PGSQL.*"):
            stale.unlink()

    def _run_until_ready(self) -> None:
        """Try again while the helpers of a killed server still hold its memory: they leave soon."""
        started = time.monotonic()
        while True:
            said_before = _size(self.cluster.log)
            self._spawn()
            if self._wait_until_ready():
                return
            words = last_line(_since(self.cluster.log, said_before))
            if "still in use" not in words or time.monotonic() - started > READY_WITHIN:
                raise self.cluster.unable(words)
            time.sleep(0.3)

    def _spawn(self) -> None:
        data, sockets = str(self.cluster.data), str(self.cluster.sockets)
        options = [f"--{name}={value}" for name, value in self.settings.items()]
        with self.cluster.log.open("a") as output:
            self.server = children.spawn(
                self.cluster.command("postgres", "-D", data, "-k", sockets, *options),
                env=self.cluster.environment(),
                output=output.fileno(),
                farewell=signal.SIGINT,
            )

    def _wait_until_ready(self) -> bool:
        """Whether it answers; false when it ended or stays silent, which the log explains."""
        started = time.monotonic()
        where = (f"--host={self.cluster.sockets}", f"--port={PORT}", "--timeout=1")
        while self.alive:
            answer = self.cluster.run("pg_isready", *where).returncode
            if answer == 0:
                return True
            recovering = answer == 1
            if time.monotonic() - started > (RECOVERED_WITHIN if recovering else READY_WITHIN):
                return False
            time.sleep(0.03)
        return False


def _end(server: subprocess.Popen[str], within: float) -> None:
    for number, patience in ((signal.SIGINT, within), (signal.SIGQUIT, 1.0)):
        server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=patience)
            return
    children.sweep(server)


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _since(log: Path, offset: int) -> str:
    with log.open("rb") as lines:
        lines.seek(offset)
        return lines.read().decode(errors="replace")


def _within(patience: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True

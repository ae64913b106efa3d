"""`manage.py up`: from an empty folder to a running portal, and back down in good order."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from pathlib import Path

from config import banner, children, leftovers, logs, preflight, processes
from config.options import Options
from config.postgres import EmbeddedPostgres, StartError
from config.stopping import Stopped, Stopping
from config.supervisor import Supervisor
from config.telling import SEEDED, Telling

READYZ_PATIENCE = 20.0
SERVER_ERRORS = 500


class AlreadyRunning(Exception):
    """One sentence: this home has a supervisor."""


def main(arguments: Sequence[str]) -> int:
    stopping = Stopping()
    stopping.listen()
    try:
        preflight.check_python()
        options = Options.read(arguments)
        preflight.make_home(options.home)
        with _only_supervisor_of(options.home):
            _run(options, Telling(), stopping)
    except Stopped:
        return 0
    except (AlreadyRunning, StartError) as sentence:
        print(sentence, file=sys.stderr)  # noqa: T201
        return 2 if isinstance(sentence, AlreadyRunning) else 1
    finally:
        stopping.hear()
    return 0


def _run(options: Options, say: Telling, stopping: Stopping) -> None:
    killed = leftovers.end(options.home)
    if killed:
        say(f"ended {killed} processes that an earlier start had left behind")
    logs.trim(options.home)
    preflight.check_ports(options)
    preflight.check_space(options.home)
    preflight.look_for_pdf_libraries(say)
    database = EmbeddedPostgres(options.home) if options.embedded else None
    supervisor = Supervisor(options.home, _chosen(options), database, say)
    try:
        if database is not None:
            say("starting PostgreSQL")
            database.start()
        seeded = _prepare(options.home, say)
        say("starting the portal, the workers" + (" and the sandbox" if options.sandbox else ""))
        supervisor.run(announce=_announcing(options, say, seeded))
    finally:
        stopping.hear()
        say("stopping")
        supervisor.stop()
        say("stopped")


def _chosen(options: Options) -> list[processes.Process]:
    chosen = [processes.portal(options.bind, options.port)]
    if options.statsd_port:
        chosen.append(processes.statsd(options.statsd_port))
    if options.guarded:
        chosen.append(processes.guard(options.near_url))
    if options.signs:
        chosen.append(processes.signer())
    return [processes.sandbox(), *chosen] if options.sandbox else chosen


def _prepare(home: Path, say: Telling) -> list[str]:
    """Run the Django work, show its lines, and hand back what the seeds said."""
    log, seeded = logs.of(home, "prepare"), []
    with log.open("a") as errors:
        child = children.spawn(
            [sys.executable, "-m", "config.prepare"],
            env=children.environment(home),
            output=subprocess.PIPE,
            errors=errors.fileno(),
        )
    try:
        for line in child.stdout or ():
            say(line.strip().removeprefix(SEEDED))
            if line.startswith(SEEDED):
                seeded.append(line.strip().removeprefix(SEEDED))
        failed = child.wait() != 0
    finally:
        children.sweep(child)
    if failed:
        raise StartError(f"Preparing the database failed: {logs.last_words(log)} (more in {log})")
    return seeded


def _announcing(options: Options, say: Telling, seeded: list[str]) -> Callable[[], bool]:
    """The banner, once all parts are ready; or once the portal answers, when a part is slow."""
    patient_until = time.monotonic() + READYZ_PATIENCE
    worried = False

    def announce() -> bool:
        nonlocal worried
        ready = banner.status(options, "/readyz") == HTTPStatus.OK
        if not ready and time.monotonic() < patient_until:
            return False
        if not ready and not 0 < banner.status(options, "/healthz") < SERVER_ERRORS:
            if not worried:
                say(_silent(options))
            worried = True
            return False
        say.plainly(banner.compose(options, seconds=say.seconds, seeded=seeded))
        if not ready:
            names = ", ".join(banner.missing(options)) or "something"
            say(f"not everything is ready yet: {names} missing ({options.url}/readyz)")
        return True

    return announce


def _silent(options: Options) -> str:
    log = logs.of(options.home, "web")
    return f"the portal does not answer yet; {log} ends with: {logs.last_words(log)}"


@contextlib.contextmanager
def _only_supervisor_of(home: Path) -> Iterator[None]:
    """A lock that the system releases even when we are killed."""
    with (home / "run" / "lock").open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise AlreadyRunning(
                f"Bongsu is already running in {home} (process {lock.read()}): "
                "stop it, or run another copy with other PORT, SANDBOX_PORT and BONGSU_HOME."
            ) from held
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield

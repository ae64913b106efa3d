"""Workers that do one job over and over until somebody kills them."""

import contextlib
import logging
import math
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import psutil
from django.db import close_old_connections, connection, connections
from django.utils.module_loading import import_string

from config import children
from tests.racers import FORKED, WITHIN

BREATH = 0.01  # seconds between two rounds
LAZY = 10.0  # seconds after which one is killed that waits more than it works
log = logging.getLogger(__name__)


class Nursery:
    """Forks them from a process that has done the job once, without anything to do.

    What is slow once only, each worker has behind it: who kills it soon kills it in its work.
    """

    def __init__(self, job: str, **given: Any) -> None:
        """A dotted path of a function that takes what is given."""
        database = str(connection.settings_dict["NAME"])
        self.pipe, theirs = FORKED.Pipe()
        args = (job, given, database, theirs)
        self.process = FORKED.Process(target=_nurse, args=args, daemon=True)

    def __enter__(self) -> Self:
        self.process.start()
        self._hear()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.join()

    def worker(self, begin: str = "", **given: Any) -> int:
        """The process id of a new one. `begin` is a dotted path of what it calls first, with what is given."""
        self.pipe.send((begin, given))
        return self._hear()

    def _hear(self) -> int:
        assert self.pipe.poll(WITHIN), "the nursery hangs"
        return int(self.pipe.recv())


def kill(
    worker: int, *, after: float, within: float = LAZY, when: Callable[[], bool] | None = None
) -> None:
    """By the work that it has done, which says where it is on a crowded machine too; then it is gone.

    `when`: from there on, the moment at which this is true; it is asked again and again.
    """
    _until(lambda: _worked(worker) >= after, within=within)
    if when:
        _until(lambda: _worked(worker) == math.inf or when(), within=within)
    with contextlib.suppress(ProcessLookupError):  # it died by itself
        os.kill(worker, signal.SIGKILL)
    assert _until(lambda: not psutil.pid_exists(worker), within=WITHIN), "it does not die"


def _worked(worker: int) -> float:
    """Seconds of a processor; of the dead, endless ones."""
    try:
        return int(Path(f"/proc/{worker}/schedstat").read_text().split()[0]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return math.inf


def _until(condition: Callable[[], bool], *, within: float) -> bool:
    until = time.monotonic() + within
    while not (fulfilled := condition()) and time.monotonic() < until:
        time.sleep(0.001)
    return fulfilled


def _nurse(job: str, given: dict[str, Any], database: str, pipe: Connection) -> None:
    from tests import ready  # noqa: F401 - unless its parent has

    run = import_string(job)
    connection.settings_dict["NAME"] = database
    run(**given)
    connections.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    vow = children.dies_with_parent(signal.SIGKILL)
    pipe.send(os.getpid())
    while True:
        begin, birth = pipe.recv()
        if child := os.fork():
            pipe.send(child)
            continue
        if begin:
            import_string(begin)(**birth)
        _work(run, given, vow)


def _work(run: Any, given: dict[str, Any], vow: Callable[[], None] | None) -> None:
    if vow:
        vow()
    while True:
        close_old_connections()
        try:
            run(**given)
        except Exception:  # as Celery does: the next tick is another try
            log.exception("a tick")
        time.sleep(BREATH)

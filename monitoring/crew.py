"""The threads that run checks: a thread for each, so that one that is slow or hangs delays no other.

One thread leads: it claims what is due, starts it, gathers what has ended, leaves alone what does
not end, and alone speaks to the database. No thread can be killed from outside, so one that hangs
for ever stays; when there are too many of them, this process makes way for a fresh one.
"""

import logging
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from django.db import close_old_connections, connection, connections

from monitoring.domain.checks import Job, Outcome
from monitoring.taking import GRACE, hanging, take

log = logging.getLogger(__name__)

AT_ONCE: Final = 64
MOST_HANGING: Final = 32
PAUSE: Final = 1.0  # seconds between two looks while nothing ends
GATHER: Final = 0.1  # what ends so shortly after the first is written with it
LAST_WISH: Final = 20.0  # seconds for what else this process is at


@dataclass
class Run:
    job: Job
    thread: threading.Thread
    began: float

    @property
    def overdue(self) -> bool:
        return time.monotonic() > self.began + self.job.timeout + GRACE


def retire() -> None:
    """End as if asked to: whoever watches this process starts another."""
    log.error("%s checks hang in this process, and it makes way for a fresh one", MOST_HANGING)
    last = threading.Timer(LAST_WISH, os._exit, [1])
    last.daemon = True
    last.start()
    os.kill(os.getpid(), signal.SIGTERM)


class Board(Protocol):
    """Says which checks are due, and is told what came of them."""

    def claim(self, limit: int) -> Sequence[Job]: ...
    def note(self, done: Sequence[tuple[Job, Outcome]]) -> None: ...
    def hold(self, checks: Collection[int]) -> None: ...
    def release(self, checks: Collection[int]) -> None: ...


class Crew:
    def __init__(
        self,
        board: Board,
        *,
        at_once: int = AT_ONCE,
        most_hanging: int = MOST_HANGING,
        retire: Callable[[], None] = retire,
    ) -> None:
        self.board = board
        self.at_once, self.most_hanging, self.retire = at_once, most_hanging, retire
        self.running: dict[int, Run] = {}
        self.left_alone: dict[int, Run] = {}
        self._ended: queue.SimpleQueue[tuple[Run, Outcome]] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._leader: threading.Thread | None = None
        self._leaving = False

    def wake(self) -> None:
        """Set it to work on what is due, and return at once."""
        with self._guard:
            if self._leader is None or not self._leader.is_alive():
                self._leader = threading.Thread(target=self._lead, name="checks", daemon=True)
                self._leader.start()

    def _lead(self) -> None:
        try:
            close_old_connections()
            while self.round():
                pass
        except Exception:  # the rows are still there: the next tick goes on with them
            log.exception("the running of checks stopped")
        finally:
            connection.close()

    def round(self) -> bool:
        """One look at all of it; False when there is nothing to do until the next tick."""
        free = 0 if self._leaving else self.at_once - len(self.running)
        jobs = self.board.claim(free)
        for job in jobs:
            self._start(job)
        if done := [*self._gather(), *self._leave_alone()]:
            self.board.note(done)
        self._look_after_the_hanging()
        return bool(jobs or self.running)  # there may be more that is due than could run at once

    def _start(self, job: Job) -> None:
        run = Run(job, threading.Thread(), time.monotonic())

        def work() -> None:
            outcome = take(job.collector, job.settings, timeout=job.timeout)
            connections.close_all()  # some read our own tables, and this thread is over
            self._ended.put((run, outcome))

        run.thread = threading.Thread(target=work, name=f"check {job.check}", daemon=True)
        self.running[job.check] = run
        run.thread.start()

    def _gather(self) -> list[tuple[Job, Outcome]]:
        done, wait = list[tuple[Job, Outcome]](), PAUSE
        while self.running:
            try:
                run, outcome = self._ended.get(timeout=wait)
            except queue.Empty:
                break
            if self.running.get(run.job.check) is run:  # else it was given up before
                del self.running[run.job.check]
                done.append((run.job, outcome))
            wait = GATHER
        return done

    def _leave_alone(self) -> list[tuple[Job, Outcome]]:
        late = [run for run in self.running.values() if run.overdue]
        for run in late:
            self.left_alone[run.job.check] = self.running.pop(run.job.check)
            log.warning("the check %s hangs and is left alone", run.job.name)
        now = time.monotonic()
        return [(run.job, hanging(run.job.timeout, now - run.began)) for run in late]

    def _look_after_the_hanging(self) -> None:
        if not self.left_alone:
            return
        ended = {key for key, run in self.left_alone.items() if not run.thread.is_alive()}
        for key in ended:
            del self.left_alone[key]
        self.board.release(ended)
        self.board.hold(self.left_alone.keys())
        if len(self.left_alone) >= self.most_hanging and not self._leaving:
            self._leaving = True
            self.retire()

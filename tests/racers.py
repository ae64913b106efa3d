"""Races of real processes: each with its own connection to the test's database, let go together."""

import multiprocessing
import random
import time
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from types import TracebackType
from typing import Any, Self

from django.db import connection
from django.utils.module_loading import import_string

# A fork of the test itself would share its connection; one that starts anew loads for seconds.
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.ready"])
HEAD_START = 0.008  # seconds at most: about what a service takes, so that either may be first
WITHIN = 120.0  # on a crowded machine the product alone takes long to load


@dataclass(frozen=True)
class Failed:
    """What a racer raised; the exception itself need not survive the way between processes."""

    kind: str
    words: str


class Racers:
    """One process for each job, the dotted path of a function that takes what a round gives it."""

    def __init__(self, *jobs: str, seed: int) -> None:
        self.line = FORKED.Barrier(len(jobs))
        self.pipes, self.processes = [], []
        database = str(connection.settings_dict["NAME"])
        for place, job in enumerate(jobs):
            ours, theirs = FORKED.Pipe()
            given = (job, database, self.line, theirs, seed + place)
            self.pipes.append(ours)
            self.processes.append(FORKED.Process(target=_live, args=given, daemon=True))

    def __enter__(self) -> Self:
        with ExitStack() as until_all_live:
            until_all_live.callback(self._end)
            for process in self.processes:
                process.start()
            assert self._hear() == [None] * len(self.pipes)
            until_all_live.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def race(self, *given: dict[str, Any]) -> list[Any]:
        """What each returned, or how it failed."""
        for pipe, words in zip(self.pipes, given, strict=True):
            pipe.send(words)
        return self._hear()

    def _hear(self) -> list[Any]:
        assert all(pipe.poll(WITHIN) for pipe in self.pipes), "a racer hangs"
        return [pipe.recv() for pipe in self.pipes]

    def _end(self) -> None:
        for process in self.processes:
            if process.pid is not None:
                process.kill()
                process.join()


def _live(job: str, database: str, line: Barrier, pipe: Connection, seed: int) -> None:
    from tests import ready  # noqa: F401 - unless its parent has

    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    run, chance = import_string(job), random.Random(seed)
    pipe.send(None)
    while True:
        given = pipe.recv()
        line.wait(WITHIN)
        time.sleep(chance.random() * HEAD_START)
        try:
            pipe.send(run(**given))
        except Exception as error:  # an outcome like any other: the test judges it
            pipe.send(Failed(type(error).__name__, str(error)))

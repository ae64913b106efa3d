"""A runner of routine work whose clock the test sets: what a worker does in a minute, at any moment of a year."""

import os
import signal
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from maintenance.domain.periods import Frequency
from maintenance.job import Outcome
from maintenance.registry import jobs
from maintenance.services.planning import plan_due
from maintenance.services.running import claim, finish, give_back
from tests.maintenance.jobs import FINE, job

ZONE = "America/New_York"  # its clock changes twice a year


def begin(done: str) -> None:
    """One job of each frequency and no other; each writes down that it was performed."""
    settings.TIME_ZONE = ZONE
    jobs._things.clear()
    for frequency in Frequency:
        jobs._things[frequency.value] = job(_noting(done, frequency), frequency)


def _noting(done: str, frequency: Frequency):
    def work(at: datetime) -> Outcome:
        with Path(done).open("a") as file:
            file.write(f"{frequency.value}\n")
        return FINE

    return work


def tick(at: datetime, done: str) -> None:
    begin(done)
    give_back(at=at)
    plan_due(at=at)
    while run := claim(at=at):
        assert finish(run, run.routine.job.run(at=at), at=at)


def claim_and_be_killed(database: str, at: datetime, done: str) -> None:
    from tests import ready  # noqa: F401 - unless its parent has

    connection.settings_dict["NAME"] = database
    begin(done)
    plan_due(at=at)
    assert claim(at=at)
    os.kill(os.getpid(), signal.SIGKILL)

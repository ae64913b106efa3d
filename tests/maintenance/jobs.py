"""Jobs of tests: registered for as long as a test wants them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from unittest.mock import patch

from maintenance.domain.periods import Frequency
from maintenance.job import Figure, Finding, Job, Level, Outcome
from maintenance.registry import jobs

Work = Callable[[datetime], Outcome]
FINE = Outcome([Finding("seen", {"count": 3})], {"seen": 3})
WRONG = Outcome([Finding("seen", {"count": 0}, Level.BAD)], {"seen": 0})


class Made(Job):
    title = "Looks"
    purpose = "Looks at something."
    words = {"seen": "%(count)d seen"}
    figures = {"seen": Figure("seen")}

    def __init__(self, work: Work, frequency: Frequency, hour: time) -> None:
        self.work, self.frequency, self.hour = work, frequency, hour

    def run(self, *, at: datetime) -> Outcome:
        return self.work(at)


@contextmanager
def only(**made: Job) -> Iterator[None]:
    with patch.dict(jobs._things, made, clear=True):
        yield


def job(
    work: Work = lambda _at: FINE, frequency: Frequency = Frequency.DAILY, hour: time = time(3)
) -> Made:
    return Made(work, frequency, hour)

"""When a job that pings us is late: its schedule, and what state it is in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from cronsim import CronSim, CronSimError


class Kind(StrEnum):
    SUCCESS = "success"
    START = "start"
    FAIL = "fail"
    LOG = "log"


class State(StrEnum):
    NEW = "new"  # never heard of: nothing is late that has not begun
    UP = "up"
    STARTED = "started"
    LATE = "late"  # within its grace
    DOWN = "down"
    PAUSED = "paused"


OK: Final = 0
LINES, LETTERS = 10, 1_000  # of what a job said that are told


def kind_of(exit_code: int) -> Kind:
    return Kind.SUCCESS if exit_code == OK else Kind.FAIL


@dataclass(frozen=True)
class Schedule:
    """Every so often, or by a cron expression; either with a grace."""

    period: timedelta
    grace: timedelta
    cron: str = ""
    zone: tzinfo = UTC  # of the cron expression

    def expected(self, last: datetime) -> datetime:
        """The next ping after one at `last`."""
        if self.cron:
            return next(CronSim(self.cron, last.astimezone(self.zone)))
        return last + self.period


def beginning(said: str) -> str:
    """Its first lines, for an alert."""
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    shown = "\n".join(lines[:LINES])
    cut = len(lines) > LINES or len(shown) > LETTERS
    return f"{shown[:LETTERS]}…" if cut else shown


def is_cron(expression: str) -> bool:
    """A valid one that comes true at all: the 30th of February never does."""
    try:
        next(CronSim(expression, datetime(2024, 1, 1)))  # noqa: DTZ001 - any moment will do
    except (CronSimError, StopIteration):
        return False
    return True


def state_of(
    *,
    paused: bool,
    failing: bool,
    last_ping_at: datetime | None,
    started_at: datetime | None,
    due_at: datetime | None,
    grace: timedelta,
    at: datetime,
) -> State:
    if paused:
        return State.PAUSED
    if failing or (due_at and due_at <= at):
        return State.DOWN
    if started_at:
        return State.STARTED
    if last_ping_at is None:
        return State.NEW
    return State.LATE if due_at and due_at - grace <= at else State.UP

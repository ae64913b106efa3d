"""What a response has come to, by what its steps have come to. The manual's names stay."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from energy.domain.rising import Rise
from energy.domain.states import Level
from runbooks.domain.actions import State


class Status(StrEnum):
    RUNNING = "running"
    CRITICAL_EXECUTED = "CRITICAL_RESPONSE_EXECUTED"
    CRITICAL_PARTIAL = "CRITICAL_RESPONSE_PARTIAL"
    CRITICAL_FAILED = "CRITICAL_RESPONSE_FAILED"
    EMERGENCY_EXECUTED = "EMERGENCY_RESPONSE_EXECUTED"
    EMERGENCY_PARTIAL = "EMERGENCY_RESPONSE_PARTIAL"
    EMERGENCY_FAILED = "EMERGENCY_RESPONSE_FAILED"


class Result(StrEnum):
    """Of a step."""

    RUNNING = "running"
    WAITS = "waits"  # for a person, a limit or the kill switch
    DONE = "done"
    FAILED = "failed"
    NEVER_CAME = "never_came"  # paid, and nothing will come
    LATE = "late"  # paid, and nothing has come so far
    NO_RISE = "no_rise"  # the chain has confirmed it, and the limit did not rise
    SHADOWED = "shadowed"
    WITHDRAWN = "withdrawn"  # refused, expired, or not needed any more
    UNUSED = "unused"


# What nobody waits for any more, when it is planned what else to do.
OVER: Final = frozenset(set(Result) - {Result.RUNNING})
WELL: Final = frozenset({Result.DONE, Result.SHADOWED})
BADLY: Final = frozenset({Result.FAILED, Result.LATE, Result.NEVER_CAME, Result.NO_RISE})

_RESULTS: Final = {
    State.PROPOSED: Result.WAITS,
    State.EXECUTING: Result.RUNNING,
    State.UNKNOWN: Result.RUNNING,
    State.CONFIRMED: Result.DONE,
    State.FAILED: Result.FAILED,
    State.LOST: Result.NEVER_CAME,
    State.REFUSED: Result.WITHDRAWN,
    State.EXPIRED: Result.WITHDRAWN,
    State.SHADOWED: Result.SHADOWED,
}


def result_of(
    state: State, *, held_back: bool = False, late: bool = False, rise: Rise = Rise.ROSE
) -> Result:
    """`rise`: of what is confirmed, or bought and on the chain; done is what shows in the limit."""
    if state is State.APPROVED:
        return Result.WAITS if held_back else Result.RUNNING
    if rise is Rise.MISSING and state in {State.CONFIRMED, State.UNKNOWN}:
        return Result.NO_RISE
    if rise is Rise.WAITS and state is State.CONFIRMED:
        return Result.RUNNING
    if state is State.UNKNOWN and late:
        return Result.LATE
    return _RESULTS[state]


def status_of(level: Level, results: Iterable[Result], *, short: bool) -> Status:
    """In whole, in part, or not at all. `short`: energy is missing still, and nothing more can be done."""
    found = set(results)
    how = "EXECUTED"
    if short or found & BADLY:
        how = "PARTIAL" if found & WELL else "FAILED"
    return Status(f"{level.name}_RESPONSE_{how}")

"""How a run goes on: which steps may begin now, and how it stands.

The steps of a run are one flat list. A step has a path: its number, or those of whatever holds it, the lane and its
number there, such as `3/app1/2`, step 2 for app1 within step 3. Lanes of one step go on side by side, as many at once as
it says; within a lane one step follows the other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Of a step."""

    PENDING = "pending"
    RUNNING = "running"  # under a lease
    WAITING = "waiting"  # for a person
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"  # whoever did it died, and it cannot be proven whether it was done
    SKIPPED = "skipped"
    CANCELLED = "cancelled"  # its run was aborted


class RunState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # a step failed or is unknown: a person decides
    DONE = "done"
    ABORTED = "aborted"


NEXT: Final[Mapping[State, frozenset[State]]] = {
    State.PENDING: frozenset({State.RUNNING, State.WAITING, State.SKIPPED, State.CANCELLED}),
    State.RUNNING: frozenset(
        {State.PENDING, State.WAITING, State.DONE, State.FAILED, State.UNKNOWN, State.CANCELLED}
    ),
    State.WAITING: frozenset(
        {State.PENDING, State.DONE, State.FAILED, State.SKIPPED, State.CANCELLED}
    ),
    State.FAILED: frozenset({State.PENDING, State.SKIPPED}),
    State.UNKNOWN: frozenset({State.PENDING, State.DONE, State.SKIPPED}),
    State.DONE: frozenset(),
    State.SKIPPED: frozenset(),
    State.CANCELLED: frozenset(),
}
OVER: Final = frozenset({RunState.DONE, RunState.ABORTED})
PASSED: Final = frozenset({State.DONE, State.SKIPPED})
STUCK: Final = frozenset({State.FAILED, State.UNKNOWN})
Path = tuple[str, ...]
ALONE: Final = "-"  # the lane of what has but one


@dataclass(frozen=True)
class Row:
    """A step of a run. One that holds others is as they are: its own state says nothing."""

    path: Path
    state: State
    keep_going: bool = False
    at_once: int = 1
    holds: bool = False
    begun: bool = False  # pending again, such as one that waits until something has come true


class Tree:
    def __init__(self, rows: Iterable[Row]) -> None:
        self._lanes: dict[Path, dict[str, list[Row]]] = defaultdict(dict)
        for row in rows:
            parent, lane = (row.path[:-2], row.path[-2]) if len(row.path) > 1 else ((), ALONE)
            self._lanes[parent].setdefault(lane, []).append(row)

    def ready(self) -> list[Row]:
        """The pending steps that may begin now."""
        return list(self._ready((), 1))

    def state(self, row: Row) -> State:
        if not row.holds:
            return row.state
        states = [self._lane(lane) for lane in self._lanes[row.path].values()]
        for one in (State.RUNNING, State.WAITING, State.UNKNOWN, State.FAILED):
            if one in states:
                return one
        passed = [state in PASSED for state in states]
        if all(passed):
            return State.DONE
        if any(passed) and State.PENDING in states:
            return State.RUNNING
        return State.CANCELLED if State.CANCELLED in states else State.PENDING

    def run(self) -> RunState:
        """As it stands by its steps; PAUSED and ABORTED are a person's word."""
        state = self._lane(self._lanes[()].get(ALONE, []))
        if state in PASSED:
            return RunState.DONE
        if state is State.CANCELLED:
            return RunState.ABORTED
        stuck = state in STUCK and not self.ready()
        return RunState.STOPPED if stuck else RunState.RUNNING

    def _ready(self, parent: Path, at_once: int) -> Iterator[Row]:
        """A lane that began goes on beside one that is stuck, so that nothing is left half done; none begins."""
        lanes = list(self._lanes[parent].values())
        begun = [lane for lane in lanes if self._lane(lane) in (State.RUNNING, State.WAITING)]
        if not any(self._lane(lane) in STUCK for lane in lanes):
            fresh = [lane for lane in lanes if self._lane(lane) is State.PENDING]
            begun += fresh[: max(0, at_once - len(begun))]
        for lane in begun:
            yield from self._next(lane)

    def _next(self, lane: Sequence[Row]) -> Iterator[Row]:
        row = next((row for row in lane if not self._passed(row)), None)
        if row is not None and row.holds:
            yield from self._ready(row.path, row.at_once)
        elif row is not None and row.state is State.PENDING:
            yield row

    def _passed(self, row: Row) -> bool:
        state = self.state(row)
        return state in PASSED or (row.keep_going and state is State.FAILED)

    def _lane(self, lane: Sequence[Row]) -> State:
        """Running, as soon as something of it is done and something is left."""
        rest = [row for row in lane if not self._passed(row)]
        if not rest:
            return State.DONE
        state = self.state(rest[0])
        begun = len(rest) < len(lane) or rest[0].begun
        return State.RUNNING if state is State.PENDING and begun else state


def after_loss(*, repeatable: bool) -> State:
    """Of a step whose executor died in the middle: it begins again only where that does no harm."""
    return State.PENDING if repeatable else State.UNKNOWN


def retry_after(tries: int) -> int:
    """Seconds until a step that failed is tried again: 2, 4, 8 … at most a minute."""
    return int(min(60, 2 ** max(1, tries)))

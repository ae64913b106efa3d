"""The steps of a run as they stand, those that hold others with their lanes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from runbooks import run_queries
from runbooks.domain.placeholders import filled, names_in
from runbooks.domain.runs import PASSED, State, Tree
from runbooks.inventory import each_asked_once
from runbooks.models import RunStep, StepStateName
from runbooks.screens.books import foretold
from runbooks.services.advancing import values_for

TONES: Final = {
    State.RUNNING: "p3", State.WAITING: "p1", State.DONE: "good", State.FAILED: "p0",
    State.UNKNOWN: "p1", State.CANCELLED: "none",
}  # fmt: skip
MANY: Final = 12  # lanes; of more, only those where something happens are shown whole
LOUD: Final = (State.FAILED, State.UNKNOWN, State.WAITING, State.RUNNING)
STATES: Final = (*LOUD, State.DONE, State.PENDING, State.CANCELLED)  # in which lanes can be
_TIMED: Final = (State.RUNNING, State.DONE, State.FAILED)
_MOMENT: Final = timedelta(seconds=10)


@dataclass
class Node:
    step: RunStep
    state: State
    word: str
    tone: str
    exactly: str
    took: timedelta | None
    usual: timedelta | None
    cut: bool  # there is more output than is shown
    lanes: "list[Lane]" = field(default_factory=list)
    tally: "list[Group]" = field(default_factory=list)  # of many lanes, by how they stand

    @property
    def slow(self) -> bool:
        return self.took is not None and slow(self.took, self.usual)


@dataclass(frozen=True)
class Group:
    word: str
    tone: str
    count: int
    folded: "list[Lane]"  # each a line


@dataclass
class Lane:
    name: str
    address: str  # its path
    nodes: list[Node]

    @property
    def state(self) -> State:
        """The loudest of its steps; between two of them it runs."""
        states = [node.state for node in self.nodes]
        loud = next((state for state in LOUD if state in states), None)
        passed = [state in PASSED for state in states]
        if loud or all(passed):
            return loud or State.DONE
        if any(passed) and State.PENDING in states:
            return State.RUNNING
        return State.CANCELLED if State.CANCELLED in states else State.PENDING

    @property
    def word(self) -> str:
        return str(StepStateName(self.state).label)

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "none")

    @property
    def open(self) -> bool:
        return self.state in LOUD


def nodes_of(
    steps: Sequence[RunStep],
    tree: Tree,
    usual: Mapping[str, timedelta],
    *,
    at: datetime,
    going: bool,
    lane: str = "",
) -> list[Node]:
    known: dict[tuple[str, ...], Node] = {}
    lanes: dict[tuple[str, ...], Lane] = {}
    top: list[Node] = []
    done = _done(steps)
    with each_asked_once():
        for step in steps:
            path = step.row.path
            node = known[path] = _node(
                step, state_of(step, tree.state(step.row), going=going), usual, at, done
            )
            if len(path) == 1:
                top.append(node)
            elif holder := known.get(path[:-2]):
                _into(holder, path[:-1], node, lanes)
    for node in known.values():
        if len(node.lanes) > MANY:
            _fold(node, lane)
    return top


def _done(steps: Iterable[RunStep]) -> dict[str, list[RunStep]]:
    """Those that later ones may speak of, by their own names."""
    found: dict[str, list[RunStep]] = defaultdict(list)
    for step in steps:
        if step.state == State.DONE:
            found[step.name.rpartition(".")[2]].append(step)
    return found


def _into(
    holder: Node, path: tuple[str, ...], node: Node, lanes: dict[tuple[str, ...], Lane]
) -> None:
    if path not in lanes:
        lanes[path] = Lane(path[-1], "/".join(path), [])
        holder.lanes.append(lanes[path])
    lanes[path].nodes.append(node)


def _fold(node: Node, asked: str) -> None:
    """A hundred lanes are counted; where nothing happens one is a line, unless it is asked for."""
    by_state: dict[State, list[Lane]] = defaultdict(list)
    for lane in node.lanes:
        by_state[lane.state].append(lane)
    node.lanes = [lane for lane in node.lanes if lane.open or lane.address == asked]
    node.tally = [
        Group(lanes[0].word, lanes[0].tone, len(lanes), [one for one in lanes if not one.open])
        for state in STATES if (lanes := by_state[state])
    ]  # fmt: skip


def _node(
    step: RunStep,
    state: State,
    usual: Mapping[str, timedelta],
    at: datetime,
    done: Mapping[str, Sequence[RunStep]],
) -> Node:
    took = (step.ended_at or at) - step.began_at if step.began_at and state in _TIMED else None
    return Node(
        step, state, str(StepStateName(state).label), TONES.get(state, "none"),
        exactly(step, _spoken_of(step, done)), took, usual.get(step.name),
        getattr(step, "size", 0) > run_queries.SHOWN,
    )  # fmt: skip


def _spoken_of(step: RunStep, done: Mapping[str, Sequence[RunStep]]) -> list[RunStep]:
    named = {name.partition(".")[0] for name in names_in(step.given) if "." in name}
    return [other for name in named for other in done.get(name, ())]


def state_of(step: RunStep, state: State, *, going: bool) -> State:
    """One that looks again and again, or waits, is at it between its looks too, while its run goes on."""
    begun = going and not step.holds and state is State.PENDING and step.began_at is not None
    return State.RUNNING if begun else state


def slow(took: timedelta, usual: timedelta | None) -> bool:
    """More than twice as long as it usually takes, and more than a moment."""
    return usual is not None and took > max(2 * usual, _MOMENT)


def exactly(step: RunStep, steps: Sequence[RunStep]) -> str:
    """What it does, its placeholders filled as far as they are known by now."""
    facts = values_for(step, steps) if any("." in name for name in names_in(step.given)) else {}
    values = dict(step.scope) | facts | {"run": {"id": step.run_id, "key": step.key}}
    for name in names_in(step.given):
        first, dot, second = name.partition(".")
        if dot:
            values[first] = {second: f"{{{name}}}"} | dict(values.get(first) or {})
        else:
            values.setdefault(first, f"{{{name}}}")
    return foretold(step.kind, filled(step.given, values))

"""One run: the diagnosis first, then what needs a person, then its steps as they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.bilingual import in_language
from runbooks import run_queries
from runbooks.domain.placeholders import filled, names_in
from runbooks.domain.runs import ALONE, PASSED, RunState, State, Tree
from runbooks.models import Run, RunStep, StepStateName
from runbooks.screens.books import foretold, row_of
from runbooks.services.advancing import values_for
from teams.domain.roles import Action as May
from teams.models import User

TONES = {
    State.RUNNING: "p3", State.WAITING: "p1", State.DONE: "good", State.FAILED: "p0",
    State.UNKNOWN: "p1", State.CANCELLED: "none",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    text: str
    grave: bool


@dataclass(frozen=True)
class Need:
    """A step that waits for a person: `what` is question, approval, failed or unknown."""

    what: str
    step: RunStep
    lane: str
    question: str = ""
    choices: tuple[str, ...] = ()


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

    @property
    def slow(self) -> bool:
        """More than twice as long as it usually takes, and more than a moment."""
        return bool(self.took and self.usual and self.took > max(2 * self.usual, _MOMENT))


@dataclass
class Lane:
    name: str
    nodes: list[Node]

    @property
    def open(self) -> bool:
        return any(
            node.state not in (State.DONE, State.PENDING, State.SKIPPED) for node in self.nodes
        )


_MOMENT = timedelta(seconds=10)


def run_page(run: Run, user: User, *, at: datetime) -> dict[str, Any]:
    steps = run_queries.steps_of(run)
    tree = Tree(step.row for step in steps)
    usual = {} if run.undoes_id else run_queries.usual_steps(run.version.runbook_id)
    last = run_queries.last_runs([run.version.runbook]).get(run.version.runbook_id, [])
    work = [step for step in steps if not step.holds]
    passed = sum(tree.state(step.row) in PASSED for step in work)
    return {
        "run": run,
        "row": row_of(run),
        "findings": findings_of(steps),
        "needs": needs_of(steps) if not run.is_over else [],
        "nodes": _nodes(steps, tree, usual, at),
        "passed": passed,
        "count": len(work),
        "percent": 100 * passed // max(1, len(work)),
        "elapsed": (run.ended_at or at) - run.started_at,
        "usual": None if run.undoes_id else run_queries.usual_of(last),
        "can_undo": _can_undo(run, steps),
        "taken_back": run.undone_by.exclude(state=RunState.ABORTED).first(),
        "told": [(name, _plain(value)) for name, value in run.inputs.items()],
        "revision": version_of(run),
        **may(run, user),
    }


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def version_of(run: Run) -> str:
    return f"{run.revision}-{run.state}"


def may(run: Run, user: User) -> dict[str, bool]:
    return {
        "may_answer": user.may(May.RESPOND),
        "may_steer": user.may(May.COMMAND),
        "in_charge": run.driver_id == user.pk,
    }


def findings_of(steps: Iterable[RunStep]) -> list[Finding]:
    """The grave ones first, each once."""
    said = [
        Finding(in_language(one.get("ko", ""), one.get("en", "")), one.get("grave") is True)
        for step in steps
        for one in step.said
    ]
    return sorted(dict.fromkeys(said), key=lambda one: not one.grave)


def needs_of(steps: Iterable[RunStep]) -> list[Need]:
    found = [_need(step) for step in steps if not step.holds]
    return [need for need in found if need is not None]


def _need(step: RunStep) -> Need | None:
    lane = lane_of(step)
    if step.state == State.WAITING and step.action_id:
        return Need("approval", step, lane)
    if step.state == State.WAITING:
        asked = step.given.get("question", {})
        question = in_language(asked.get("ko", ""), asked.get("en", "")) or step.text
        return Need("question", step, lane, question, tuple(step.given.get("choices", ())))
    if step.state == State.FAILED and not step.keep_going:
        return Need("failed", step, lane)
    return Need("unknown", step, lane) if step.state == State.UNKNOWN else None


def lane_of(step: RunStep) -> str:
    return ", ".join(lane for lane in step.path.split("/")[1::2] if lane != ALONE)


def _can_undo(run: Run, steps: Sequence[RunStep]) -> bool:
    rests = run.is_over or run.state == RunState.STOPPED
    return rests and any(step.undo and step.state == State.DONE for step in steps)


def _nodes(
    steps: Sequence[RunStep], tree: Tree, usual: Mapping[str, timedelta], at: datetime
) -> list[Node]:
    known: dict[tuple[str, ...], Node] = {}
    top: list[Node] = []
    for step in steps:
        path = step.row.path
        node = known[path] = _node(step, tree, usual, at, steps)
        if len(path) == 1:
            top.append(node)
        elif holder := known.get(path[:-2]):
            _into(holder, path[-2], node)
    return top


def _into(holder: Node, name: str, node: Node) -> None:
    lane = next((one for one in holder.lanes if one.name == name), None)
    if lane is None:
        holder.lanes.append(lane := Lane(name, []))
    lane.nodes.append(node)


def _node(
    step: RunStep,
    tree: Tree,
    usual: Mapping[str, timedelta],
    at: datetime,
    steps: Sequence[RunStep],
) -> Node:
    state = tree.state(step.row)
    took = (step.ended_at or at) - step.began_at if step.began_at and state in _TIMED else None
    return Node(
        step, state, str(StepStateName(state).label), TONES.get(state, "none"),
        exactly(step, steps), took, usual.get(step.name),
        getattr(step, "size", 0) > run_queries.SHOWN,
    )  # fmt: skip


_TIMED = (State.RUNNING, State.DONE, State.FAILED)


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

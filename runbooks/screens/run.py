"""One run: the diagnosis first, then what needs a person, then its steps as they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.bilingual import in_language
from runbooks import run_queries
from runbooks.domain.runs import ALONE, PASSED, RunState, State, Tree
from runbooks.models import Run, RunStep, Steering
from runbooks.screens.books import row_of
from runbooks.screens.nodes import nodes_of
from teams.domain.roles import Action as May
from teams.models import User


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


def run_page(run: Run, user: User, *, at: datetime, lane: str = "") -> dict[str, Any]:
    """`lane`: one of many that is shown whole though nothing happens there."""
    steps = run_queries.steps_of(run)
    tree = Tree(step.row for step in steps)
    usual = {} if run.undoes_id else _usual_steps(run)
    last = run_queries.last_runs([run.version.runbook]).get(run.version.runbook_id, [])
    work = [step for step in steps if not step.holds]
    steered = run_queries.steered(run)
    passed = sum(tree.state(step.row) in PASSED for step in work)
    return {
        "run": run,
        "row": row_of(run),
        "findings": findings_of(steps),
        "needs": needs_of(steps) if not run.is_over else [],
        "nodes": nodes_of(
            steps, tree, usual, at=at, going=run.state == RunState.RUNNING, lane=lane
        ),
        "passed": passed,
        "count": len(work),
        "percent": 100 * passed // max(1, len(work)),
        "elapsed": (run.ended_at or at) - run.started_at,
        "usual": None if run.undoes_id else run_queries.usual_of(last),
        "can_undo": _can_undo(run, steps),
        "taken_back": run.undone_by.exclude(state=RunState.ABORTED).first(),
        "told": [(name, _plain(value)) for name, value in run.inputs.items()],
        "steered": steered,
        "halted_by": _halted_by(run, steered),
        "revision": version_of(run),
        **may(run, user),
    }


def _halted_by(run: Run, steered: Sequence[Steering]) -> Steering | None:
    """Who made it stand as it does, where a person did."""
    if run.state not in (RunState.PAUSED, RunState.ABORTED):
        return None
    return next((one for one in reversed(steered) if one.what == run.state), None)


def _usual_steps(run: Run) -> Mapping[str, timedelta]:
    book = run.version.runbook_id
    return run_queries.usual_steps([book]).get(book, {})


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

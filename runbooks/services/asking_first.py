"""A dangerous step is a guarded action first: a second person approves exactly what it does, in time."""

from datetime import datetime
from typing import Final

from runbooks.domain.actions import State
from runbooks.models import Action, Run, RunStep
from runbooks.services.approving import propose

KIND: Final = "runbooks.step"


def ask_first(step: RunStep, run: Run, digest: str, *, at: datetime) -> Action | None:
    """The action that it waits for; None when that is approved. Asked anew for each attempt."""
    if step.action and step.action.parameters["attempt"] == step.attempt:
        return None if step.action.state == State.CONFIRMED else step.action
    parameters = {"run": run.pk, "step": step.pk, "attempt": step.attempt, "digest": digest}
    return propose(
        KIND, step.key, parameters, at=at, incident=run.incident, by=run.driver, at_least=1
    )

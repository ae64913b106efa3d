"""The step of a run that an approval is for, and exactly what it would do."""

from dataclasses import dataclass

from runbooks.domain.placeholders import Missing, filled
from runbooks.models import Action, Run, RunStep
from runbooks.screens.books import foretold
from runbooks.screens.run import lane_of
from runbooks.services.advancing import digest_of, values_for
from runbooks.services.asking_first import KIND
from runbooks.step import steps


@dataclass(frozen=True)
class OfRun:
    run: Run
    step: RunStep
    lane: str
    kind: str
    exactly: str  # empty when it is not what was asked for any more


def of_run(action: Action) -> OfRun | None:
    """None for an action that is no step of a run."""
    if action.kind != KIND:
        return None
    rows = RunStep.objects.select_related("run__version__runbook")
    step = rows.filter(pk=action.parameters["step"]).first()
    if step is None:
        return None
    known = list(step.run.steps.defer("output", "rows", "findings").order_by("position"))
    try:
        settings = filled(step.given, values_for(step, known))
        same = digest_of(step, settings) == action.parameters["digest"]
    except Missing:
        settings, same = {}, False
    exactly = foretold(step.kind, settings) if same else ""
    return OfRun(step.run, step, lane_of(step), str(steps[step.kind].label), exactly)

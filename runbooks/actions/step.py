"""A dangerous step of a run: approving lets it go on, and the run carries it out."""

from datetime import timedelta

from django.utils.translation import gettext_lazy

from core.told import Told as _
from runbooks.domain.actions import Limits, Mode, Outcome
from runbooks.models import Action, RunStep
from runbooks.registry import actions, followers
from runbooks.services.asking_first import KIND
from runbooks.services.starting import TICK


@actions.register(KIND)
class StepOfRun:
    # A person started the run, and another one approves: there is nothing to try in shadow first.
    limits = Limits(valid_for=timedelta(minutes=30), begins_in=Mode.ON)
    label = gettext_lazy("Step of a runbook")

    def describe(self, action: Action) -> str:
        step = RunStep.objects.filter(pk=action.parameters["step"]).select_related("run__version")
        if (found := step.first()) is None:
            return str(self.label)
        told = {"step": found.title, "runbook": found.run.version.title}
        return str(_("%(runbook)s: %(step)s", **told))

    def execute(self, action: Action) -> Outcome:
        """That it is confirmed is all: its run reads it there."""
        return Outcome.confirmed(_("The run goes on."))

    def reconcile(self, action: Action) -> Outcome | None:
        return self.execute(action)


followers.add(TICK)

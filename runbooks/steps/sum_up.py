"""What the steps before it found, counted: so that a diagnosis can say in one sentence that all is well."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core.bilingual import in_language
from core.told import Told as _
from runbooks.domain.runs import STUCK
from runbooks.domain.writing import only
from runbooks.models import RunStep
from runbooks.step import Kind, Result, Work, steps


@steps.register("sum_up")
class SumUp(Kind):
    """One row: `findings`, `grave` ones among them, and the steps that `failed`. It prints them, the grave ones first."""

    label = gettext_lazy("Summary")

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, (), "sum_up")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return str(_("It counts what the steps before it found."))

    def run(self, work: Work) -> Result:
        before = RunStep.objects.filter(run=work.run).exclude(pk=work.step).order_by("position")
        rows = before.values_list("state", "holds", "said")
        said = sorted(
            (one for _state, _holds, found in rows for one in found),
            key=lambda one: not one["grave"],
        )
        row = {
            "findings": len(said),
            "grave": sum(one["grave"] for one in said),
            "failed": sum(state in STUCK and not holds for state, holds, _found in rows),
        }
        lines = [in_language(one["ko"], one["en"]) for one in said]
        return Result.done(rows=[row], facts=row, output="\n".join(lines))

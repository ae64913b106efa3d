"""How long the run has taken so far, against how long it may take."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core.told import Joined
from runbooks.domain.placeholders import names_in
from runbooks.domain.recovery import span
from runbooks.domain.writing import duration, only
from runbooks.models import Run
from runbooks.step import Kind, Result, Work, steps


@steps.register("elapsed")
class Elapsed(Kind):
    """One row: took, within, and whether that is over."""

    label = gettext_lazy("Time taken")

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("within",), "elapsed")
        if not names_in(settings):
            duration(settings.get("within"), "within")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return f"≤ {settings['within']}"

    def run(self, work: Work) -> Result:
        within = duration(work.settings["within"], "within")
        took = work.at - Run.objects.values_list("started_at", flat=True).get(pk=work.run)
        row = {"took": span(took), "within": span(within), "over": took > within}
        return Result.done(Joined([row["took"], row["within"]], by=" / "), rows=[row], facts=row)

"""A gate: the run goes on when a second person approves what the steps after it do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core.bilingual import in_language
from runbooks.domain.writing import both, only
from runbooks.step import Kind, Result, Work, steps


@steps.register("approve")
class Approve(Kind):
    """What makes people approve is that the step counts as dangerous."""

    label = gettext_lazy("Approval")
    dangerous = True
    provable = True  # it does nothing itself

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("what",), "approve")
        both(settings.get("what"), "what")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return False

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return in_language(settings["what"]["ko"], settings["what"]["en"])

    def run(self, work: Work) -> Result:
        return Result.done()

"""All steps of another runbook, as it is when the run begins."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core.told import Told as _
from runbooks.domain.writing import Wrong, mapping, only, text
from runbooks.step import Kind, Result, Work, steps


@steps.register("runbook")
class AnotherRunbook(Kind):
    label = gettext_lazy("Runbook")

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("key", "with"), "runbook")
        text(settings.get("key"), "key")
        mapping(settings.get("with", {}), "with")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True  # what is within is judged by itself

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return str(settings["key"])

    def run(self, work: Work) -> Result:
        raise Wrong(_("it does nothing itself"))

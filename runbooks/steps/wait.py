"""Nothing, for a while: such as until a server has settled. It holds no thread, and outlives a restart."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from runbooks.domain.placeholders import names_in
from runbooks.domain.writing import duration, only
from runbooks.step import Kind, Result, Work, steps


@steps.register("wait")
class Wait(Kind):
    label = gettext_lazy("Wait")

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("wait",), "wait")
        if not names_in(settings):
            duration(settings["wait"], "wait")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return str(settings["wait"])

    def run(self, work: Work) -> Result:
        left = work.began_at + duration(work.settings["wait"], "wait") - work.at
        return Result.done() if left <= timedelta(0) else Result.again(left)

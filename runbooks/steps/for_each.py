"""Steps done for each of several items, one by one or a few at a time; after a failure none begins."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from runbooks.domain.writing import Wrong, only
from runbooks.step import Kind, Result, Work, steps

MOST_AT_ONCE = 100


@steps.register("for_each")
class ForEach(Kind):
    label = _("For each")
    holding = True

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("items", "as", "at_once"), "for_each")
        if "items" not in settings:
            raise Wrong('items: what it is done for, such as "{hosts}"')
        at_once = settings.get("at_once", 1)
        if isinstance(at_once, int) and not 1 <= at_once <= MOST_AT_ONCE:
            raise Wrong(f"at_once: from 1 to {MOST_AT_ONCE}")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True  # what is within is judged by itself

    def foretell(self, settings: Mapping[str, Any]) -> str:
        items = settings["items"]  # a placeholder, as long as nobody has given a value
        return items if isinstance(items, str) else ", ".join(map(str, items))

    def run(self, work: Work) -> Result:
        raise Wrong("it does nothing itself")

"""Steps done for each of several items, one by one or a few at a time; after a failure none begins."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core.told import Told as _
from runbooks.domain.writing import Wrong, at, only
from runbooks.step import Kind, Result, Work, steps

MOST_AT_ONCE = 100


@steps.register("for_each")
class ForEach(Kind):
    label = gettext_lazy("For each")
    holding = True

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("items", "as", "at_once"), "for_each")
        if "items" not in settings:
            raise Wrong(at("items", _('what it is done for, such as "{hosts}"')))
        at_once = settings.get("at_once", 1)
        if isinstance(at_once, int) and not 1 <= at_once <= MOST_AT_ONCE:
            fault = _("a whole number from %(least)s to %(most)s", least=1, most=MOST_AT_ONCE)
            raise Wrong(at("at_once", fault))

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True  # what is within is judged by itself

    def foretell(self, settings: Mapping[str, Any]) -> str:
        items = settings["items"]  # a placeholder, as long as nobody has given a value
        return items if isinstance(items, str) else ", ".join(map(str, items))

    def run(self, work: Work) -> Result:
        raise Wrong(_("it does nothing itself"))

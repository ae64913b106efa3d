"""Something is looked at again and again until it is as expected, and for how long it has stayed so."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy

from core.told import Told as _
from runbooks.domain.findings import holds, tests_of
from runbooks.domain.placeholders import names_in
from runbooks.domain.writing import Wrong, at, duration, mapping, only
from runbooks.step import Came, Kind, Result, Work, steps

EVERY: Final = timedelta(seconds=2)
LONGEST_LOOK: Final = timedelta(seconds=20)


@steps.register("check")
class Check(Kind):
    """`look`: a step that reads, such as {http: …}; `expect`: what holds for each row it reads, at least one."""

    label = gettext_lazy("Check")
    timeout = timedelta(minutes=2)

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("look", "expect", "every", "stays"), "check")
        kind, inner = looks_at(settings)
        kind.check(inner)
        if not kind.reads_only(inner):
            raise Wrong(at("look", _("a step that changes nothing")))
        tests_of(settings.get("expect"), "expect")
        for name in ("every", "stays"):
            if name in settings and not names_in(settings[name]):
                duration(settings[name], name)

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        kind, inner = looks_at(settings)
        return f"{kind.foretell(inner)} → {settings['expect']}"

    def run(self, work: Work) -> Result:
        kind, inner = looks_at(work.settings)
        looked = kind.run(replace(work, settings=inner, timeout=min(LONGEST_LOOK, work.timeout)))
        tests = tests_of(work.settings["expect"], "expect")
        fits = looked.came is Came.DONE and all(holds(row, tests) for row in looked.rows)
        fits = fits and bool(looked.rows)
        every = duration(work.settings.get("every", "2s"), "every")
        if fits:
            return self._fits(work, looked, every)
        work.remember({})
        if work.at + every >= work.ends_at:
            return replace(
                looked, came=Came.FAILED, text=looked.text or _("It is not as expected.")
            )
        return Result.again(every, looked.text)

    def _fits(self, work: Work, looked: Result, every: timedelta) -> Result:
        stays = duration(work.settings.get("stays", "0s"), "stays")
        since = datetime.fromisoformat(work.remembered.get("since", work.at.isoformat()))
        if work.at - since >= stays:
            return replace(looked, came=Came.DONE)
        work.remember({"since": since.isoformat()})
        return Result.again(min(every, since + stays - work.at))


def looks_at(settings: Mapping[str, Any]) -> tuple[Kind, Mapping[str, Any]]:
    """Raises Wrong."""
    look = mapping(settings.get("look"), "look")
    name = next(iter(look), "")
    if len(look) != 1 or name not in steps or name == "check":
        raise Wrong(at("look", _("one step that reads, such as {http: {url: …}}")))
    inner = look[name]
    return steps[name], inner if isinstance(inner, dict) else {name: inner}

"""A document and the values of a run, laid out as the flat list of steps that the run consists of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.told import Told as _
from runbooks.domain.documents import Document, Step
from runbooks.domain.inputs import values_of
from runbooks.domain.placeholders import filled
from runbooks.domain.runs import ALONE, Path

MOST: Final = 2_000  # steps of a run
DEEPEST: Final = 4  # runbooks within runbooks


class TooMuch(ValueError):
    pass


@dataclass(frozen=True)
class Planned:
    path: Path
    step: Step
    scope: Mapping[str, Any]  # what its placeholders stand for besides the facts of steps
    prefix: str = ""  # of the names of steps: those of a runbook within have a scope of their own
    holds: bool = False
    at_once: int = 1


def plan(
    document: Document, values: Mapping[str, Any], *, find: Callable[[str], Document]
) -> list[Planned]:
    """`find` gives another runbook by its key. Raises TooMuch, Unfit, Missing or KeyError."""
    found = []
    for one in _laid((), document.steps, values, find, "", DEEPEST):
        found.append(one)
        if len(found) > MOST:
            raise TooMuch(_("more than %(most)s steps", most=MOST))
    return found


def _laid(
    before: Path,
    steps: Sequence[Step],
    scope: Mapping[str, Any],
    find: Callable[[str], Document],
    prefix: str,
    depth: int,
) -> Iterator[Planned]:
    for number, step in enumerate(steps, start=1):
        path = (*before, str(number))
        if step.steps:
            items = list(dict.fromkeys(map(str, filled(step.settings["items"], scope))))
            at_once = int(filled(step.settings.get("at_once", 1), scope))
            yield Planned(path, step, scope, prefix, holds=bool(items), at_once=at_once)
            name = str(step.settings.get("as", "item"))
            for item in items:
                yield from _laid(
                    (*path, item), step.steps, {**scope, name: item}, find, prefix, depth
                )
        elif step.kind == "runbook":
            if depth == 0:
                raise TooMuch(_("runbooks within runbooks more than %(most)s deep", most=DEEPEST))
            inner = find(str(step.settings["key"]))
            given = values_of(inner.inputs, filled(step.settings.get("with", {}), scope))
            yield Planned(path, step, scope, prefix, holds=True)
            yield from _laid(
                (*path, ALONE), inner.steps, given, find, f"{prefix}{step.name}.", depth - 1
            )
        else:
            yield Planned(path, step, scope, prefix)

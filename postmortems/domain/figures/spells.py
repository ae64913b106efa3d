"""Times of trouble: overlapping ones are one, and are counted once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from postmortems.domain.figures.cases import Case, Window
from postmortems.domain.figures.chance import byar
from postmortems.domain.figures.estimates import Figure


class Spell(NamedTuple):
    since: datetime
    until: datetime


def spells(cases: Iterable[Case], *, at: datetime) -> list[Spell]:
    """From when each began until it was over, or until now; what touches is joined. In order."""
    found: list[Spell] = []
    for since, until in sorted((case.since, case.resolved or at) for case in cases):
        if until < since:
            continue  # moments that contradict each other bound no time
        if found and since <= found[-1].until:
            found[-1] = Spell(found[-1].since, max(found[-1].until, until))
        else:
            found.append(Spell(since, until))
    return found


def troubled(found: Sequence[Spell], window: Window) -> float:
    """Seconds of the window that lie in a spell."""
    return sum(
        max(0.0, (min(one.until, window.until) - max(one.since, window.since)).total_seconds())
        for one in found
    )


def between_failures(cases: Iterable[Case], window: Window, *, at: datetime) -> Figure:
    """Trouble-free time for each time that trouble began; bounded by how many might as well have come."""
    found = spells(cases, at=at)
    began = sum(window.since <= one.since < window.until for one in found)
    if not began:
        return Figure(None, "s", 0)
    free = window.seconds - troubled(found, window)
    few, many = byar(began)
    return Figure(free / began, "s", began, free / many, free / few)

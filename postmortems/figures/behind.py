"""The incidents behind a figure: what it was reckoned from, one by one."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.core.paginator import Paginator

from incidents.models import Incident
from postmortems.domain.figures.cases import Cases, Clock, Flags
from postmortems.domain.figures.comparing import Compared
from postmortems.domain.figures.local import hours, local
from postmortems.figures import words
from postmortems.figures.whole import Whole, zone

PAGE: Final = 50


@dataclass(frozen=True)
class Row:
    incident: Incident
    times: Sequence[tuple[str, str]]  # by clock, in its order; empty where not known
    late: bool


def behind(whole: Whole, by: str, key: str, *, at: datetime) -> Cases:
    """The incidents that a figure is made of, the longest first where it is a time, else the newest."""
    ours = whole.cases.within(whole.window)
    if by == "clock" and key in set(Clock):
        took = ours.took(Clock(key))
        longest = np.lexsort((-ours.number, -took))
        return ours.at(longest[: np.count_nonzero(~np.isnan(took))])
    those = ours.where(_are_of(ours, by, key, whole, at))
    return those.at(np.argsort(-those.number))


def _are_of(cases: Cases, by: str, key: str, whole: Whole, at: datetime) -> Flags:
    services = {one.slug: pk for pk, one in whole.catalogue.items()}
    teams = {slug: pk for pk, slug in whole.teams.items()}
    ways: dict[str, Callable[[], Flags]] = {
        "late": lambda: cases.missed(at=at),
        "service": lambda: cases.are_of(services.get(key, 0)),
        "team": lambda: np.equal(cases.team, teams.get(key, 0)),
        "severity": lambda: np.equal(cases.severity, key).astype(np.bool_),
        "cause": lambda: np.equal(cases.causes, key).astype(np.bool_),
        "hour": lambda: np.equal(hours(local(cases.detected, zone())).astype(str), key),
    }
    return ways[by]() if by in ways else np.ones(len(cases), np.bool_)


def rows(cases: Cases, *, page: str, at: datetime) -> tuple[object, list[Row]]:
    """A page of them, with two queries however many there are."""
    shown = Paginator(cases.number.tolist(), PAGE).get_page(page)
    first = shown.start_index() - 1
    places = np.arange(first, first + len(shown)) if len(shown) else np.empty(0, np.int64)
    listed = cases.at(places)
    times = {clock: listed.took(clock).tolist() for clock in Clock}
    late = listed.missed(at=at).tolist()
    found = Incident.objects.in_bulk(list(shown))
    return shown, [
        Row(
            found[number],
            [(str(words.NAMES[Compared(clock)]), _length(times[clock][place])) for clock in Clock],
            late[place],
        )
        for place, number in enumerate(shown)
    ]


def _length(seconds: float) -> str:
    return "" if math.isnan(seconds) else words.length(seconds)

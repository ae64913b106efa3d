"""Times of trouble: overlapping ones are one, and are counted once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from postmortems.domain.figures.cases import A_SECOND, Cases, Moments, Window, moment
from postmortems.domain.figures.chance import byar
from postmortems.domain.figures.estimates import Figure


@dataclass(frozen=True, slots=True)
class Spells:
    """In order; none touches the next."""

    since: Moments
    until: Moments

    def __iter__(self) -> Iterator[tuple[datetime, datetime]]:
        """In UTC, of which the datetimes say nothing."""
        return zip(self.since.tolist(), self.until.tolist(), strict=True)


def spells(cases: Cases, *, at: datetime) -> Spells:
    """From when each began until it was over, or until now; what touches is joined."""
    since, until = cases.since, cases.over(at)
    sane = until >= since  # moments that contradict each other bound no time
    since, until = since[sane], until[sane]
    order = np.argsort(since, kind="stable")
    since, until = since[order], np.maximum.accumulate(until[order])
    if not len(since):
        return Spells(since, until)
    apart = since[1:] > until[:-1]
    return Spells(since[np.append(True, apart)], until[np.append(apart, True)])


def troubled(found: Spells, window: Window) -> float:
    """Seconds of the window that lie in a spell."""
    since = np.maximum(found.since, moment(window.since))
    until = np.minimum(found.until, moment(window.until))
    return float(np.maximum(until - since, np.timedelta64(0, "us")).sum() / A_SECOND)


def between_failures(cases: Cases, window: Window, *, at: datetime) -> Figure:
    """Trouble-free time for each time that trouble began; bounded by how many might as well have come."""
    found = spells(cases, at=at)
    since = found.since
    began = int(np.count_nonzero((since >= moment(window.since)) & (since < moment(window.until))))
    if not began:
        return Figure(None, "s", 0)
    free = window.seconds - troubled(found, window)
    few, many = byar(began)
    return Figure(free / began, "s", began, free / many, free / few)

"""How much of a time a component was available: intervals in, whole seconds out.

Everything is whole seconds of the epoch, so that whoever has the intervals gets the same figure to the last
digit (`uptime.json` carries them). Where intervals overlap, the worst counts, once. Unknown time is neither up
nor down: it is left out of both sides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from statuspage.domain.states import RANK, State, worst

FORMULA: Final = 1  # raised when the same intervals would give another figure
PERCENT: Final = 10_000  # figures are hundredths of a percent


@dataclass(frozen=True)
class Span:
    """`ended` None: it goes on. Time outside all spans is operational."""

    state: State
    began: int
    ended: int | None = None


@dataclass(frozen=True)
class Tally:
    seconds: Mapping[State, int] = field(default_factory=dict)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(Counter(self.seconds) + Counter(other.seconds))

    @property
    def known(self) -> int:
        return sum(count for state, count in self.seconds.items() if state is not State.UNKNOWN)

    @property
    def worst(self) -> State:
        """Of what was known; unknown only if nothing was."""
        seen = [one for one, count in self.seconds.items() if count and one is not State.UNKNOWN]
        return worst(seen) if seen else State.UNKNOWN

    def hundredths(self, weights: Mapping[State, int]) -> int | None:
        """Availability in hundredths of a percent, rounded down: 10,000 means that nothing was down.

        `weights` are percent of an outage, by state. None: nothing is known of that time.
        """
        if not self.known:
            return None
        down = sum(weights.get(state, 0) * count for state, count in self.seconds.items())
        return PERCENT * (100 * self.known - down) // (100 * self.known)


def slices(spans: Iterable[Span], begin: int, end: int) -> Iterator[tuple[State, int, int]]:
    """The window cut where anything changes, the worst state in each piece; neighbours may be alike."""
    inside = [
        (one.state, max(begin, one.began), end if one.ended is None else min(end, one.ended))
        for one in spans
    ]
    inside = [(state, since, until) for state, since, until in inside if since < until]
    changes = sorted(
        [(since, 1, state) for state, since, _ in inside]
        + [(until, -1, state) for state, _, until in inside],
        key=lambda one: one[0],
    )
    open_now, at = Counter[State](), begin
    for moment, step, state in changes:
        if moment > at:
            yield _worst_of(open_now), at, moment
            at = moment
        open_now[state] += step
    if at < end:
        yield State.OPERATIONAL, at, end


def _worst_of(open_now: Counter[State]) -> State:
    here = [state for state, count in open_now.items() if count]
    return max(here, key=RANK.__getitem__, default=State.OPERATIONAL)


def tally(spans: Iterable[Span], begin: int, end: int) -> Tally:
    found = Counter[State]()
    for state, since, until in slices(spans, begin, end):
        found[state] += until - since
    return Tally(found)


def by_day(
    spans: Iterable[Span], first: date, last: date, zone: tzinfo, *, since: int, now: int
) -> list[tuple[date, Tally]]:
    """One tally a day of the zone, with its real 23, 24 or 25 hours; before `since` nothing is known."""
    days, edges = _days(first, last, zone)
    found = [Counter[State]() for _ in days]
    place = 0
    for state, begin, end in slices(spans, max(edges[0], since), min(edges[-1], now)):
        at = begin
        while at < end:
            while edges[place + 1] <= at:
                place += 1
            until = min(end, edges[place + 1])
            found[place][state] += until - at
            at = until
    return [(day, Tally(counts)) for day, counts in zip(days, found, strict=True)]


@lru_cache(maxsize=8)  # the same for each component of a page
def _days(first: date, last: date, zone: tzinfo) -> tuple[list[date], list[int]]:
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    return days, [midnight(day, zone) for day in [*days, last + timedelta(days=1)]]


def midnight(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time.min, zone).timestamp())


def pooled(members: Sequence[Tally]) -> Tally:
    """A group's: the time of all its members, so that one of three that is down costs a third."""
    return sum(members, Tally())

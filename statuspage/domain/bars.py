"""90 days as a bar: neighbours of which there is the same to say are drawn, and said, in one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from statuspage.domain.states import State, worst


@dataclass(frozen=True)
class Day:
    day: date
    state: State
    seconds: int  # in that state


@dataclass(frozen=True)
class Run:
    """Days in a row. A day on which something was down stands alone: it has a length of its own."""

    first: date
    last: date
    state: State
    seconds: int

    @property
    def is_plain(self) -> bool:
        return self.state in {State.OPERATIONAL, State.UNKNOWN}

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


def runs(days: Iterable[Day]) -> tuple[Run, ...]:
    return tuple(_runs(days))


def _runs(days: Iterable[Day]) -> Iterable[Run]:
    for _, several in groupby(days, key=_together):
        run = list(several)
        yield Run(run[0].day, run[-1].day, run[0].state, sum(one.seconds for one in run))


def _together(one: Day) -> tuple[State, date | None]:
    plain = one.state in {State.OPERATIONAL, State.UNKNOWN}
    return one.state, None if plain else one.day


def pooled(members: Sequence[Sequence[Day]]) -> list[Day]:
    """A group's: the worst that any of them was on that day, for as long as whoever was so longest."""
    return [_worst_of(day) for day in zip(*members, strict=True)]


def _worst_of(day: Sequence[Day]) -> Day:
    known = [one.state for one in day if one.state is not State.UNKNOWN]
    state = worst(known) if known else State.UNKNOWN
    return Day(day[0].day, state, max(one.seconds for one in day if one.state is state))

"""One function judges a rule, the present and the past alike, so that they cannot disagree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from monitoring.domain.rules.kinds import Judge
from monitoring.domain.rules.lasting import Grade, Lasting, Stance, State, advance, is_settled
from monitoring.domain.rules.tracks import Floats, Heard

Grades = npt.NDArray[np.int8]

GRADES: Final = list(Grade)
UNKNOWN: Final = np.int8(-1)  # no grade
ANEW: Final = Stance(State.OK, 0.0)


@dataclass(frozen=True, slots=True)
class Change:
    at: float
    stance: Stance
    value: float  # NaN: nothing was there to judge by


@dataclass(frozen=True, slots=True)
class Firing:
    """Through silence it is one."""

    fired_at: float
    ended_at: float | None  # None: it still fires
    value: float


@dataclass(frozen=True)
class Course:
    """What a rule said over time: the value at each moment, and the stance wherever it changed."""

    before: Stance
    moments: Floats
    values: Floats
    changes: list[Change]

    @property
    def stance(self) -> Stance:
        """At the end."""
        return self.changes[-1].stance if self.changes else self.before

    @property
    def last(self) -> float:
        return float(self.values[-1]) if len(self.values) else float("nan")

    def spans(self, state: State, until: float) -> Iterator[tuple[float, float]]:
        """The stretches of time in which it said so."""
        ends = [*self.changes, Change(until, self.stance, float("nan"))]
        for now, then in pairwise(ends):
            if now.stance.state is state and then.at > now.at:
                yield now.at, then.at

    @property
    def firings(self) -> list[Firing]:
        """Those that began in this time, and one that went on into it."""
        found, value = list[Firing](), float("nan")
        fired = self.before.fired_at
        for one in self.changes:
            if fired is not None and one.stance.fired_at != fired:
                found.append(Firing(fired, one.at, value))
            if one.stance.fired_at not in (None, fired):
                value = one.value
            fired = one.stance.fired_at
        return found if fired is None else [*found, Firing(fired, None, value)]


def grid(after: float, until: float, step: float) -> Floats:
    """The moments at which a rule is judged lie on the clock, whoever asks and whenever."""
    first, last = np.floor(after / step) + 1, np.floor(until / step)
    return np.arange(first, last + 1) * step


def _turns(grades: Grades) -> list[int]:
    """Where the grade changes, with both ends."""
    if len(grades) == 1:
        return [0, 1]
    turns: list[int] = np.flatnonzero(np.diff(grades, prepend=UNKNOWN)).tolist()
    return [*turns, len(grades)]


def judged(
    judge: Judge, lasting: Lasting, heard: Heard, moments: Floats, stance: Stance = ANEW
) -> Course:
    """From an earlier stance on, by what was heard until each moment."""
    values = judge.measure(heard, moments)
    return _course(lasting, judge.bar.grades(values), values, moments, stance)


def all_judged(
    judge: Judge, lasting: Lasting, heard: Heard, moments: Floats, stances: Mapping[int, Stance]
) -> Iterator[tuple[int, Course]]:
    """The same of many metrics at once, by their places; who was well and stays so is left out."""
    values = judge.measure(heard, moments).reshape(-1, len(moments))
    grades = judge.bar.grades(values)
    unwell = ((grades == Grade.NONE) | (grades == Grade.OVER)).any(axis=1)
    for place in sorted({*stances, *np.flatnonzero(unwell).tolist()}):
        stance = stances.get(place, ANEW)
        yield place, _course(lasting, grades[place], values[place], moments, stance)


def _course(
    lasting: Lasting, grades: Grades, values: Floats, moments: Floats, stance: Stance
) -> Course:
    before, changes = stance, list[Change]()
    for start, end in pairwise(_turns(grades)):
        grade = GRADES[grades[start]]
        for place in range(start, end):
            at = float(moments[place])
            after = advance(stance, grade, at, lasting)
            if after is not stance:
                changes.append(Change(at, after, float(values[place])))
                stance = after
            elif is_settled(stance, grade):
                break  # until the grade changes nothing does
    return Course(before, moments, values, changes)

"""From "over the bar" at each moment to what a rule says: how long it must last, and how long be over."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

DAY: Final = 86_400.0


class State(StrEnum):
    OK = "ok"
    PENDING = "pending"  # over the bar, but not yet for long enough
    FIRING = "firing"
    NO_DATA = "no-data"  # nothing to judge by


class Grade(IntEnum):
    NONE = 0  # nothing to judge by
    CLEAR = 1
    BETWEEN = 2  # no longer over the bar, not yet back over the clear one
    OVER = 3


@dataclass(frozen=True, slots=True)
class Lasting:
    """In seconds, like all times of a rule."""

    over: float = 0.0
    clear: float = 0.0
    kept: float = DAY  # silence is no recovery: an alert stays open so long without data


@dataclass(frozen=True, slots=True)
class Stance:
    """What a rule says about one target. While `fired_at` is known, its alert is open."""

    state: State
    since: float
    fired_at: float | None = None
    clear_since: float | None = None


def advance(stance: Stance, grade: Grade, at: float, lasting: Lasting) -> Stance:
    """The stance after one more moment; the very same one when nothing changed."""
    if grade is Grade.NONE:
        return _unheard(stance, at, lasting)
    if stance.fired_at is not None:
        return _fired(stance, stance.fired_at, grade, at, lasting)
    if grade is not Grade.OVER:
        return stance if stance.state is State.OK else Stance(State.OK, at)
    since = stance.since if stance.state is State.PENDING else at
    if at - since >= lasting.over:
        return Stance(State.FIRING, at, at)
    return stance if stance.state is State.PENDING else Stance(State.PENDING, at)


def is_settled(stance: Stance, grade: Grade) -> bool:
    """Whether more of the same would change nothing, however long: no time is running."""
    if stance.state is State.FIRING:
        return grade in (Grade.OVER, Grade.BETWEEN) and stance.clear_since is None
    return stance.fired_at is None and stance.state is not State.PENDING


def _fired(stance: Stance, fired: float, grade: Grade, at: float, lasting: Lasting) -> Stance:
    calm = stance.clear_since
    if grade is not Grade.CLEAR:
        same = stance.state is State.FIRING and calm is None
        return stance if same else Stance(State.FIRING, fired, fired)
    if at - (at if calm is None else calm) >= lasting.clear:
        return Stance(State.OK, at)
    same = stance.state is State.FIRING and calm is not None
    return stance if same else Stance(State.FIRING, fired, fired, at if calm is None else calm)


def _unheard(stance: Stance, at: float, lasting: Lasting) -> Stance:
    if stance.state is not State.NO_DATA:
        return Stance(State.NO_DATA, at, stance.fired_at)
    if stance.fired_at is not None and at - stance.since >= lasting.kept:
        return Stance(State.NO_DATA, stance.since)
    return stance

"""The tree of causes: what led to what, which cause is immediate and which lies under all others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

DEEP: Final = 5  # whys: there is no rule that the fifth is the last, but most have something to change by then
DEEPEST: Final = 12


@dataclass(frozen=True)
class Answer:
    key: int
    parent: int | None
    text: str


@dataclass(frozen=True)
class Cause:
    answer: Answer
    depth: int  # 0 led to the incident itself
    causes: "tuple[Cause, ...]" = field(default=())

    @property
    def is_last(self) -> bool:
        return not self.causes


def tree(answers: Iterable[Answer]) -> tuple[Cause, ...]:
    """Those whose parent is not there stand at the top, rather than nowhere."""
    below: defaultdict[int | None, list[Answer]] = defaultdict(list)
    known = list(answers)
    keys = {one.key for one in known}
    for one in known:
        below[one.parent if one.parent in keys else None].append(one)
    return _under(below, None, 0)


def _under(
    below: defaultdict[int | None, list[Answer]], parent: int | None, depth: int
) -> tuple[Cause, ...]:
    return tuple(
        Cause(one, depth, _under(below, one.key, depth + 1)) for one in below.get(parent, [])
    )


def walk(causes: Iterable[Cause]) -> Iterator[Cause]:
    """From the top down, each before what led to it."""
    for one in causes:
        yield one
        yield from walk(one.causes)


def immediate(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """What led to the incident itself."""
    return tuple(causes)


def underlying(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Where each branch ends; what was asked only once is not under anything yet."""
    return tuple(one for one in walk(causes) if one.is_last and one.depth > 0)


def depth_of(causes: Iterable[Cause]) -> int:
    """How often was asked."""
    return max((one.depth + 1 for one in walk(causes)), default=0)

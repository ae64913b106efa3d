"""A regular expression walked on all its ways at once (Thompson), so that no pattern can blow up.

Python's `re` tries one way after the other, and `(a|aa)*b` keeps it busy for ever. Here a match costs
at most length × size of the pattern.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

MOST_STATES: Final = 2_000
END: Final = 0

Leaf = Callable[[str], object]  # does one character fit?


class BadPattern(ValueError):
    """What is wrong with it, for whoever wrote it."""


@dataclass
class Program:
    """States: a leaf to pass and where it leads, or only ways on."""

    leaves: list[Leaf | None] = field(default_factory=lambda: [None])
    ways: list[list[int]] = field(default_factory=lambda: [[]])

    def add(self, leaf: Leaf | None, *ways: int) -> int:
        if len(self.leaves) >= MOST_STATES:
            raise BadPattern("the pattern is too large")
        self.leaves.append(leaf)
        self.ways.append(list(ways))
        return len(self.leaves) - 1

    def onwards(self, states: Iterable[int]) -> frozenset[int]:
        """The leaves, and the end, that are reached from these states without a character."""
        todo = list(states)
        seen = set(todo)
        while todo:
            state = todo.pop()
            if not self.leaves[state]:
                new = set(self.ways[state]) - seen
                seen |= new
                todo += new
        return frozenset(state for state in seen if state == END or self.leaves[state])


class Walk:
    """Matches whole texts, and remembers where a character led."""

    def __init__(self, program: Program, start: int) -> None:
        self._program, self._start = program, program.onwards([start])
        self._known: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def matches(self, text: str) -> bool:
        here = self._start
        for character in text:
            here = self._known.get((here, character)) or self._step(here, character)
            if not here:
                return False
        return END in here

    def _step(self, here: frozenset[int], character: str) -> frozenset[int]:
        leaves, ways = self._program.leaves, self._program.ways
        passed = [
            way
            for state in here
            if (leaf := leaves[state]) and leaf(character)
            for way in ways[state]
        ]
        there = self._program.onwards(passed)
        if len(self._known) < MOST_STATES:
            self._known[here, character] = there
        return there


# A part of a pattern: puts its states in front of the state `then`, and says where it begins.
Part = Callable[[Program, int], int]


def in_a_row(parts: list[Part]) -> Part:
    def build(program: Program, then: int) -> int:
        for part in reversed(parts):
            then = part(program, then)
        return then

    return build


def either(parts: list[Part]) -> Part:
    return lambda program, then: program.add(None, *[part(program, then) for part in parts])


def times(part: Part, least: int, most: int | None) -> Part:
    def build(program: Program, then: int) -> int:
        if most is None:
            again = program.add(None, then)
            program.ways[again].append(part(program, again))
            then = again
        for _ in range((most or least) - least):
            then = program.add(None, part(program, then), then)
        return in_a_row([part] * least)(program, then)

    return build

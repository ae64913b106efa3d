"""How much stands on one page, so that each stays small however many components there are.

A small page shows all of them with their bars. A large one shows what is affected and a line a group; the rest is on
pages of the groups, several if need be. Sizes are bytes of what the templates write, rather too many than too few.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from statuspage.domain.bars import Run
from statuspage.domain.board import Block, Row
from statuspage.domain.snapshot import Text
from statuspage.domain.states import RANK, State

LIMIT: Final = 48_000  # a page
WHOLE: Final = 20_000  # all components with their bars, if they take no more
AROUND: Final = 9_000  # what stands on every page: head, foot, and the ways on
NAMED: Final = 25  # that are affected; so many more are a number
LINE: Final = 500  # a name with its state and figure; twice its name and its words come to it
PLAIN: Final = 75  # days alike, in words
BAD: Final = 145  # a day that was not well, in words and for who points at it
MARK: Final = 18  # a day in a bar without words
One = TypeVar("One")


@dataclass(frozen=True)
class Front:
    """Of services, on the first page: `blocks` if they fit, otherwise the rest."""

    blocks: Sequence[Block] = ()
    affected: Sequence[tuple[Block, Row]] = ()  # the gravest first
    unnamed: int = 0  # affected ones beside those
    lines: Sequence[Block] = ()
    unlisted: int = 0  # groups beside those

    @property
    def is_alone(self) -> bool:
        """There is no group at all."""
        return len(self.lines) == 1 and not self.unlisted

    @property
    def is_folded(self) -> bool:
        return bool(self.lines or self.unlisted)


def front(blocks: Sequence[Block], room: int) -> Front:
    """`room`: bytes that the rest of the page leaves."""
    if sum(_of_block(one) for one in blocks) <= min(WHOLE, room):
        return Front(blocks)
    bad = [
        (block, row) for block in blocks for row in block.rows if row.state is not State.OPERATIONAL
    ]
    bad.sort(key=lambda pair: -RANK[pair[1].state])
    named = _within(bad[:NAMED], lambda pair: of_line(pair[1].name, ()), room // 2)
    left = room - sum(of_line(row.name, ()) for _, row in named)
    lines = _within(blocks, of_folded, left)
    return Front((), named, len(bad) - len(named), lines, len(blocks) - len(lines))


def pages(
    found: Iterable[One], size: Callable[[One], int], *, room: int = LIMIT - AROUND
) -> list[list[One]]:
    """In their order, as many on each page as have room; one page at least."""
    cut: list[list[One]] = [[]]
    left = room
    for one in found:
        if cut[-1] and size(one) > left:
            cut.append([])
            left = room
        cut[-1].append(one)
        left -= size(one)
    return cut


def of_row(row: Row) -> int:
    words = _longest(row.description)
    return of_line(row.name, row.runs if row.showcase else ()) + words


def of_line(name: Text, runs: Iterable[Run]) -> int:
    return LINE + 2 * _longest(name) + sum(PLAIN if run.is_plain else BAD for run in runs)


def of_folded(block: Block) -> int:
    return LINE + 2 * _longest(block.name or {}) + MARK * len(block.runs)


def _of_block(block: Block) -> int:
    return of_line(block.name or {}, ()) + sum(of_row(row) for row in block.rows)


def _within(found: Sequence[One], size: Callable[[One], int], room: int) -> Sequence[One]:
    """The first of them, as many as have room."""
    return pages(found, size, room=room)[0] if found and size(found[0]) <= room else ()


def _longest(text: Text) -> int:
    return max((len(words.encode()) for words in text.values()), default=0)

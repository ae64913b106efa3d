"""The causes as a tree on paper: each answer under what it led to, joined by lines."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Final

from postmortems.domain.report import Why

STEP: Final = 7.0  # mm that an answer stands deeper than what it led to
MOST: Final = 42.0  # mm that the deepest may be moved in


@dataclass(frozen=True, slots=True)
class Step:
    why: Why
    name: str  # "2", or "2b" where several were asked about at that depth
    indent: float  # mm, as all lengths here
    reach: float  # of the elbow to the box
    rails: tuple[float, ...]  # where lines pass by to later answers
    immediate: bool
    deepest: bool

    @property
    def elbow(self) -> float:
        """Where the line comes down that ends in this box; none at the top."""
        return self.indent - self.reach


def steps_of(whys: Sequence[Why]) -> tuple[Step, ...]:
    """In the order of the answers, which is from the top down."""
    step = min(STEP, MOST / max([1, *(why.depth for why in whys)]))
    names = _names(whys)
    return tuple(
        Step(
            why=why,
            name=names[place],
            indent=round(step * why.depth, 2),
            reach=round(step / 2, 2) if why.depth else 0.0,
            rails=tuple(round(step * (level - 0.5), 2) for level in _passing(whys, place)),
            immediate=why.depth == 0,
            deepest=why.depth > 0 and bool(why.answer) and not _leads_on(whys, place),
        )
        for place, why in enumerate(whys)
    )


def _names(whys: Sequence[Why]) -> list[str]:
    totals = Counter(why.depth for why in whys)
    seen: Counter[int] = Counter()
    names = []
    for why in whys:
        letter = _letter(seen[why.depth]) if totals[why.depth] > 1 else ""
        names.append(f"{why.depth + 1}{letter}")
        seen[why.depth] += 1
    return names


def _letter(place: int) -> str:
    """a to z, then aa, ab and so on."""
    above, own = divmod(place, len(ascii_lowercase))
    return (_letter(above - 1) if above else "") + ascii_lowercase[own]


def _passing(whys: Sequence[Why], place: int) -> list[int]:
    """The depths at which something follows that hangs from what stands above this answer."""
    return [
        level
        for level in range(1, whys[place].depth + 1)
        if (after := _next_at_most(whys, place, level)) and after.depth == level
    ]


def _next_at_most(whys: Sequence[Why], place: int, depth: int) -> Why | None:
    return next((why for why in whys[place + 1 :] if why.depth <= depth), None)


def _leads_on(whys: Sequence[Why], place: int) -> bool:
    return place + 1 < len(whys) and whys[place + 1].depth > whys[place].depth

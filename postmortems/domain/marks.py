"""Which entries get a number on the drawing, and where; the others are counted in small bars."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from postmortems.domain.report import Entry
from postmortems.domain.spread import spread
from postmortems.domain.timescale import WIDTH, Scale

NUMBER_ALL = 20  # with more entries only what changed the phase, or is important, has a number
GAP = 3.0
RADIUS, DIGIT = 8.0, 3.7  # a disc holds two digits; half a digit's width for longer numbers
CELL = 6.0
TALLEST = 6
NEAR, CROWD = 60.0, 4  # so many numbers at most come from so near each other


@dataclass(frozen=True, slots=True)
class Mark:
    number: int  # the entry's row in the table
    x: float  # when it happened
    centre: float  # where its number stands
    half: float
    phase_change: bool

    @property
    def left(self) -> float:
        return self.centre - self.half

    @property
    def width(self) -> float:
        return 2 * self.half


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    count: int

    @property
    def left(self) -> float:
        return self.x - 2

    @property
    def height(self) -> float:
        return 3.0 * min(self.count, TALLEST)


def marks_of(entries: Sequence[Entry], scale: Scale) -> tuple[Mark, ...]:
    numbers = numbered(entries, scale)
    places = [scale.x(entries[number - 1].at) for number in numbers]
    halves = [half(number) for number in numbers]
    centres = spread(places, halves, low=0.0, high=WIDTH, gap=GAP)
    return tuple(
        Mark(number, place, centre, room, entries[number - 1].phase_change)
        for number, place, centre, room in zip(numbers, places, centres, halves, strict=True)
    )


def bars_of(entries: Sequence[Entry], scale: Scale) -> tuple[Bar, ...]:
    taken = set(numbered(entries, scale))
    rest = (entry for number, entry in enumerate(entries, 1) if number not in taken)
    cells = Counter(int(scale.x(entry.at) // CELL) for entry in rest)
    return tuple(Bar((cell + 0.5) * CELL, count) for cell, count in sorted(cells.items()))


def numbered(entries: Sequence[Entry], scale: Scale) -> list[int]:
    """Row numbers shown on the drawing: the gravest first while there is room, then in order."""
    everyone = len(entries) <= NUMBER_ALL
    chosen: dict[int, float] = {}
    room = WIDTH
    for number in sorted(range(1, len(entries) + 1), key=lambda row: _weight(entries[row - 1])):
        entry, place = entries[number - 1], scale.x(entries[number - 1].at)
        wanted = everyone or entry.phase_change or entry.important
        needed = 2 * half(number) + GAP
        if wanted and needed <= room and not _crowded(place, chosen.values()):
            chosen[number] = place
            room -= needed
    return sorted(chosen)


def _crowded(place: float, others: Iterable[float]) -> bool:
    """Numbers of one burst would have to stand so far from it that nobody could follow the lines."""
    return sum(abs(place - other) < NEAR for other in others) >= CROWD


def half(number: int) -> float:
    return max(RADIUS, DIGIT * len(str(number)))


def _weight(entry: Entry) -> int:
    return 0 if entry.phase_change else 1 if entry.important else 2

"""Phases as one band; a name too long for its stretch stands above it, on a row of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core import durations
from core.printing.measure import width
from postmortems.domain.report import Phase, PhaseKind
from postmortems.domain.timescale import WIDTH, Scale

LETTER = 12.0
PADDING, BETWEEN, ELBOW = 8.0, 8.0, 10.0
ROW = 17.0
FRAME = 4.0
MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class Segment:
    kind: PhaseKind
    name: str
    span: str
    x: float
    width: float

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def inner_x(self) -> float:
        return self.x + FRAME

    @property
    def inner_width(self) -> float:
        return self.width - 2 * FRAME

    @property
    def name_x(self) -> float:
        return self.x + PADDING

    @property
    def span_x(self) -> float:
        """Where the span ends, at the right of the stretch."""
        return self.x + self.width - PADDING

    @property
    def text_width(self) -> float:
        return width(self.name, LETTER) + BETWEEN + width(self.span, LETTER)

    @property
    def fits(self) -> bool:
        return self.text_width + 2 * PADDING <= self.width


@dataclass(frozen=True, slots=True)
class Callout:
    """Name and span beside an elbow that rises from the stretch; `left` and `right` bound the text."""

    segment: Segment
    row: int  # 0 is the highest
    left: float

    @property
    def right(self) -> float:
        return self.left + self.segment.text_width

    @property
    def y(self) -> float:
        """The text's baseline, from the top of the rows."""
        return self.row * ROW + LETTER

    @property
    def top(self) -> float:
        return self.row * ROW

    @property
    def line_y(self) -> float:
        return self.y - LETTER / 3

    @property
    def span_x(self) -> float:
        return self.left + width(self.segment.name, LETTER) + BETWEEN

    @property
    def elbow(self) -> float:
        """Where the elbow meets the text."""
        return self.left - 4 if self.left > self.segment.centre else self.right + 4


def segments_of(
    phases: Sequence[Phase], scale: Scale, names: Mapping[PhaseKind, str], language: str
) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            kind=phase.kind,
            name=names[phase.kind],
            span=durations.words(phase.end - phase.start, language=language),
            x=scale.x(phase.start),
            width=max(scale.x(phase.end) - scale.x(phase.start), 0.0),
        )
        for phase in phases
    )


def callouts_of(segments: Sequence[Segment]) -> tuple[Callout, ...]:
    """Those reading to the right first, leftmost highest; then those reading to the left, rightmost
    highest: no elbow crosses the text of its own side."""
    narrow = [segment for segment in segments if not segment.fits]
    rightward = [segment for segment in narrow if _right_end(segment) <= WIDTH]
    leftward = [segment for segment in narrow if _right_end(segment) > WIDTH][::-1]
    return tuple(
        Callout(segment, row, _left(segment))
        for row, segment in enumerate((rightward + leftward)[:MOST_ROWS])
    )


def _right_end(segment: Segment) -> float:
    return segment.centre + ELBOW + segment.text_width


def _left(segment: Segment) -> float:
    if _right_end(segment) <= WIDTH:
        return segment.centre + ELBOW
    return max(segment.centre - ELBOW - segment.text_width, 0.0)

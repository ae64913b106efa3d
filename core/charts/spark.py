"""A line as small as a word: its course, where it stands now, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

WIDTH: Final = 96.0
HEIGHT: Final = 24.0
MARGIN: Final = 2.5  # half the stroke and the dot at the end


@dataclass(frozen=True, slots=True)
class Spark:
    line: str  # an SVG path; where nothing was measured it is broken
    area: str
    end: tuple[float, float]
    low: float
    high: float
    last: float


def spark(
    points: Sequence[tuple[float, float]], since: float, until: float, *, gap: float
) -> Spark | None:
    """Of moments in seconds with values, in order; a `gap` longer than so many seconds stays one.

    None when there is nothing to draw.
    """
    seen = [(at, value) for at, value in points if since <= at <= until]
    if not seen or until <= since:
        return None
    values = [value for _, value in seen]
    low, high = min(values), max(values)
    room = high - low
    across, down = (WIDTH - 2 * MARGIN) / (until - since), HEIGHT - 2 * MARGIN

    def place(at: float, value: float) -> tuple[float, float]:
        share = (value - low) / room if room else 0.5
        return MARGIN + (at - since) * across, HEIGHT - MARGIN - share * down

    runs = runs_of(seen, gap)
    drawn = [[place(*point) for point in run] for run in runs]
    return Spark(
        line=" ".join(path(run) for run in drawn),
        area=" ".join(f"{path(run)} V{HEIGHT:g} H{run[0][0]:.1f} Z" for run in drawn),
        end=drawn[-1][-1],
        low=low,
        high=high,
        last=values[-1],
    )


def runs_of(points: Sequence[tuple[float, float]], gap: float) -> list[list[tuple[float, float]]]:
    """The stretches in which one point follows the other closely enough to be joined."""
    runs = [[points[0]]]
    for before, after in pairwise(points):
        if after[0] - before[0] > gap:
            runs.append([])
        runs[-1].append(after)
    return runs


def path(run: Sequence[tuple[float, float]]) -> str:
    """One point alone is a dot as wide as the line is."""
    start, *rest = run
    onwards = " ".join(f"{x:.1f} {y:.1f}" for x, y in rest) if rest else "h0.1"
    return f"M{start[0]:.1f} {start[1]:.1f}{'L' if rest else ''}{onwards}"

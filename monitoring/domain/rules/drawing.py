"""The course of a judged value as geometry: a line with its gaps, its bar, and what the rule said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitoring.domain.rules.bars import Bar
from monitoring.domain.rules.judging import Course
from monitoring.domain.rules.lasting import State
from monitoring.domain.rules.tracks import Floats

WIDTH, HEIGHT, EDGE = 720, 160, 8
COLUMNS: Final = 360
CLOSEST: Final = 1.0
NARROWEST: Final = 2.0  # a short firing is seen all the same


@dataclass(frozen=True, slots=True)
class Band:
    x: float
    width: float


@dataclass(frozen=True)
class Chart:
    line: str
    bar: float | None
    clear: float | None
    pending: list[Band]
    firing: list[Band]
    silent: list[Band]
    low: float | None  # of what was measured
    high: float | None
    width: int = WIDTH
    height: int = HEIGHT


def chart(course: Course, bar: Bar, since: float, until: float) -> Chart:
    known = course.values[np.isfinite(course.values)]
    edges = [edge for edge in (bar.limit, bar.clear) if edge is not None]
    low, high = _scale(known, edges)

    def down(value: float) -> float:
        return round(HEIGHT - EDGE - (value - low) / (high - low) * (HEIGHT - 2 * EDGE), 1)

    def bands(state: State) -> list[Band]:
        return _joined(_band(*span, since, until) for span in course.spans(state, until))

    return Chart(
        line=" ".join(_pieces(course, since, until, low, high)),
        bar=down(bar.limit), clear=None if bar.clear is None else down(bar.clear),
        pending=bands(State.PENDING), firing=bands(State.FIRING), silent=bands(State.NO_DATA),
        low=float(known.min()) if len(known) else None,
        high=float(known.max()) if len(known) else None,
    )  # fmt: skip


def _scale(known: Floats, edges: list[float]) -> tuple[float, float]:
    both = [*edges, *([known.min(), known.max()] if len(known) else [])]
    low, high = float(min(both)), float(max(both))
    return (low, high) if high > low else (low - 1, high + 1)


def _band(start: float, end: float, since: float, until: float) -> Band:
    x = max(0.0, (start - since) / (until - since) * WIDTH)
    width = max(NARROWEST, (end - max(start, since)) / (until - since) * WIDTH)
    return Band(round(min(x, WIDTH - NARROWEST), 1), round(width, 1))


def _pieces(course: Course, since: float, until: float, low: float, high: float) -> Iterator[str]:
    """Least and most of each column of the screen; a gap lifts the pen."""
    places = ((course.moments - since) / (until - since) * COLUMNS).astype(int)
    columns, starts = np.unique(places, return_index=True)
    values = np.where(np.isfinite(course.values), course.values, np.nan)
    pen_is_down = False
    for column, part in zip(columns.tolist(), np.split(values, starts[1:]), strict=True):
        theirs = part[~np.isnan(part)]
        if not len(theirs):
            pen_is_down = False
            continue
        x = (column + 0.5) / COLUMNS * WIDTH
        first = "L" if pen_is_down else "M"
        for value in _ends(theirs, upwards=column % 2 == 0):
            y = HEIGHT - EDGE - (value - low) / (high - low) * (HEIGHT - 2 * EDGE)
            yield f"{first}{x:.1f} {y:.1f}"
            first = "L"
        pen_is_down = True


def _ends(values: Floats, *, upwards: bool) -> list[float]:
    """Up in one column and down in the next, or a line of many samples would look like a saw."""
    low, high = float(values.min()), float(values.max())
    return [low] if low == high else [low, high] if upwards else [high, low]


def _joined(bands: Iterable[Band]) -> list[Band]:
    """What lies nearer together than one can see is one: a rule that flaps has thousands."""
    joined = list[Band]()
    for band in bands:
        if joined and band.x - (joined[-1].x + joined[-1].width) < CLOSEST:
            last = joined.pop()
            end = max(last.x + last.width, band.x + band.width)
            joined.append(Band(last.x, round(end - last.x, 1)))
        else:
            joined.append(band)
    return joined

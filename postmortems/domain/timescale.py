"""Time as a length: which moments the drawing covers, where each falls, and where the ruler is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.charts.ruler import moments, step_of
from postmortems.domain.report import Report

WIDTH = 658.0  # 174 mm, the text width of an A4 page, in CSS pixels
EDGE = 26.0  # half a tick label, so that labels and marks at the ends stay inside
MOST_TICKS = 8
LEAST_SPAN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    time: str
    day: str  # the date, where it changes and the drawing covers more than one


@dataclass(frozen=True, slots=True)
class Scale:
    start: datetime
    end: datetime
    zone: ZoneInfo

    def x(self, at: datetime) -> float:
        """The place of a moment; what lies outside stands in the margin of its side."""
        if at < self.start:
            return EDGE / 2
        if at > self.end:
            return WIDTH - EDGE / 2
        # In UTC, since local clocks jump and Python subtracts them as if they did not.
        elapsed = at.astimezone(UTC) - self.start.astimezone(UTC)
        return EDGE + (WIDTH - 2 * EDGE) * (elapsed / (self.end - self.start))

    def ticks(self) -> tuple[Tick, ...]:
        step = step_of(self.end - self.start, most=MOST_TICKS)
        previous = None
        ticks = []
        for at in moments(self.start, self.end, self.zone, step):
            ticks.append(self._tick(at, step, previous))
            previous = at.date()
        return tuple(ticks)

    def _tick(self, at: datetime, step: timedelta, previous: date | None) -> Tick:
        whole_days = step >= timedelta(days=1)
        several = self.start.astimezone(self.zone).date() != self.end.astimezone(self.zone).date()
        seconds = "%H:%M:%S" if step < timedelta(minutes=1) else "%H:%M"
        changed = several and not whole_days and at.date() != previous
        return Tick(
            x=self.x(at),
            time=at.strftime("%m-%d" if whole_days else seconds),
            day=at.strftime("%m-%d") if changed else "",
        )


def scale_of(report: Report) -> Scale | None:
    """Covers the phases, and entries up to a quarter beyond: a note written a week later must not
    squeeze the incident into a line."""
    moments = sorted(entry.at.astimezone(UTC) for entry in report.entries)
    edges = sorted(at.astimezone(UTC) for phase in report.phases for at in (phase.start, phase.end))
    if not moments and not edges:
        return None
    start, end = _covered(edges, moments)
    if end - start < LEAST_SPAN:
        middle = start + (end - start) / 2
        start, end = middle - LEAST_SPAN / 2, middle + LEAST_SPAN / 2
    return Scale(start, end, report.zone)


def _covered(edges: Sequence[datetime], moments: Sequence[datetime]) -> tuple[datetime, datetime]:
    if not edges or edges[0] == edges[-1]:
        both = sorted([*edges, *moments])
        return both[0], both[-1]
    beyond = (edges[-1] - edges[0]) / 4
    near = [at for at in moments if edges[0] - beyond <= at <= edges[-1] + beyond]
    return min([edges[0], *near]), max([edges[-1], *near])

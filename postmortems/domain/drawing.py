"""The timeline drawn to scale: curves, phases as a band, numbered marks, and the ruler under them."""

from collections.abc import Mapping
from dataclasses import dataclass

from postmortems.domain import curves
from postmortems.domain.band import ROW, Callout, Segment, callouts_of, segments_of
from postmortems.domain.curves import Panel, panel_of
from postmortems.domain.marks import Bar, Mark, bars_of, marks_of
from postmortems.domain.report import PhaseKind, Report
from postmortems.domain.timescale import WIDTH, Scale, Tick, scale_of

PANEL = curves.CAPTION + curves.HEIGHT + 10.0
BAND, LEADER, DISC, BARS, LABELS, DAY = 26.0, 22.0, 18.0, 22.0, 20.0, 15.0


@dataclass(frozen=True, slots=True)
class Drawing:
    panels: tuple[Panel, ...]
    segments: tuple[Segment, ...]
    callouts: tuple[Callout, ...]
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    earlier: bool  # entries before what the scale covers stand in its margin
    later: bool

    width = WIDTH

    @property
    def rows_y(self) -> float:
        return len(self.panels) * PANEL

    @property
    def rows_height(self) -> float:
        rows = len(self.callouts) * ROW
        return rows + 6.0 if rows else 2.0

    @property
    def band_y(self) -> float:
        return self.rows_y + self.rows_height

    @property
    def band_end(self) -> float:
        return self.band_y + (BAND if self.segments else 0.0)

    @property
    def axis_y(self) -> float:
        return self.band_end + LEADER + DISC + (BARS if self.bars else 6.0)

    @property
    def height(self) -> float:
        return self.axis_y + LABELS + (DAY if any(tick.day for tick in self.ticks) else 0.0)


def draw(report: Report, names: Mapping[PhaseKind, str]) -> Drawing | None:
    """None when nothing with a time is known."""
    scale = scale_of(report)
    if scale is None:
        return None
    segments = segments_of(report.phases, scale, names, report.language)
    return Drawing(
        panels=_panels(report, scale),
        segments=segments,
        callouts=callouts_of(segments),
        marks=marks_of(report.entries, scale),
        bars=bars_of(report.entries, scale),
        ticks=scale.ticks(),
        earlier=any(entry.at < scale.start for entry in report.entries),
        later=any(entry.at > scale.end for entry in report.entries),
    )


def _panels(report: Report, scale: Scale) -> tuple[Panel, ...]:
    panels: list[Panel] = []
    for curve in report.curves:
        if panel := panel_of(curve, scale, len(panels) * PANEL):
            panels.append(panel)
    return tuple(panels)

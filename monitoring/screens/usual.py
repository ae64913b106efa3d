"""What is usual at each time of a chart, by what the metric's judge knows now."""

from datetime import timedelta
from typing import Final

from core.charts.shapes import Point
from monitoring.domain.anomalies import UnknownState, Watch
from monitoring.domain.ranges import Range
from monitoring.judging.memory import zone
from monitoring.models import MetricState

LONGEST: Final = timedelta(days=8)  # beyond it a day's up and down is too narrow to be seen
STEPS: Final = 96


def usual(state: MetricState | None, shown: Range) -> list[Point]:
    """Of its last checkpoint: at most half an hour old."""
    if not state or not state.judged or not state.dump or shown.length > LONGEST:
        return []
    try:
        watch = Watch.load(bytes(state.dump), zone())
    except UnknownState:
        return []  # it is about to begin afresh
    moments = [shown.since + shown.length * number / STEPS for number in range(STEPS + 1)]
    return [
        Point(at, band.low, (band.low + band.high) / 2, band.high)
        for at in moments
        if (band := watch.usual(at))
    ]

"""What was measured while it lasted: the metrics that the incident's alerts name."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from core.charts.units import scaled
from incidents.models import Incident
from incidents.screens.room.alerts import linked
from monitoring.charting import courses
from monitoring.models import Metric
from monitoring.screens.annotations import bars, rules_about
from monitoring.screens.pictures import concerned
from postmortems.domain.report import Curve

MOST: Final = 2
POINTS: Final = 250


def measured(incident: Incident) -> Iterator[Curve]:
    """With the bars of the rules that judge them; an incident that still lasts has no end to draw to."""
    if incident.resolved_at is None:
        return
    metrics = concerned([link.alert for link in linked(incident)], most=MOST)
    if not metrics:
        return
    began = incident.started_at or incident.detected_at
    found = courses([one.pk for one in metrics], began, incident.resolved_at, points=POINTS)
    for metric in metrics:
        points = [(one.at, one.mean) for one in found[metric.pk].bins]
        if len(points) > 1:
            yield _curve(metric, points)


def _curve(metric: Metric, points: list[tuple[datetime, float]]) -> Curve:
    size = scaled(metric.shown_in, max(abs(value) for _, value in points))
    return Curve(
        label=metric.name,
        unit=size.word,
        points=tuple((at, value / size.by) for at, value in points),
        limits=tuple(
            (f"{bar.label} {size.text(bar.value)}", bar.value / size.by)
            for bar in bars(metric, rules_about(metric))
        ),
    )

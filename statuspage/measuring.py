"""The courses of what is shown to the public: a day and a week, in points enough for a chart and few enough for a page."""

from datetime import datetime, timedelta
from typing import Final

from monitoring.charting import Series, courses
from statuspage.domain.curves import DAY, WEEK
from statuspage.domain.snapshot import CurveFacts, MeasureFacts
from statuspage.models import Measure

POINTS: Final = 100
FIGURES: Final = 5  # of a value that count: what a chart is drawn of, not a ledger


def measures(*, at: datetime) -> list[MeasureFacts]:
    rows = list(Measure.objects.select_related("metric"))
    if not rows:
        return []
    keys = [one.metric_id for one in rows]
    # What is measured as long ago as this second is in.
    until = at + timedelta(seconds=1)
    day = courses(keys, at - DAY, until, points=POINTS, at=at)
    week = courses(keys, at - WEEK, until, points=POINTS, at=at)
    return [
        {
            "id": one.public_id,
            "name": {"ko": one.name_ko, "en": one.name_en},
            "unit": one.metric.shown_in,
            "day": _curve(day[one.metric_id]),
            "week": _curve(week[one.metric_id]),
        }
        for one in rows
    ]


def _curve(of: Series) -> CurveFacts:
    return {
        "step": int(of.step.total_seconds()),
        "points": [
            (int(one.at.timestamp()), _short(one.low), _short(one.mean), _short(one.high))
            for one in of.bins
        ],
    }


def _short(value: float) -> float:
    return float(f"{value:.{FIGURES}g}")

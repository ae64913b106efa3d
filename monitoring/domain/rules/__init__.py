"""Rules: what a metric's samples mean, at any moment of the present or the past.

A kind measures (`measure`), its bar grades the values, and `advance` turns grades into a stance that
lasts. `judged` does all three, for the tick that alarms and for the preview that asks what would have been;
`all_judged` does so for many metrics at once.
"""

from monitoring.domain.rules.absence import Absence
from monitoring.domain.rules.bars import BadRule, Bar
from monitoring.domain.rules.change import Change
from monitoring.domain.rules.composite import Composite
from monitoring.domain.rules.forecast import Forecast
from monitoring.domain.rules.judging import ANEW, Course, Firing, all_judged, grid, judged
from monitoring.domain.rules.kinds import STEP, Judge, Source
from monitoring.domain.rules.lasting import Grade, Lasting, Stance, State, advance
from monitoring.domain.rules.rate import Rate
from monitoring.domain.rules.ratio import Ratio
from monitoring.domain.rules.shelf import Shelf, Tracks
from monitoring.domain.rules.strange import Strange
from monitoring.domain.rules.threshold import Threshold
from monitoring.domain.rules.tracks import Heard, Track

KINDS: dict[str, type[Judge]] = {
    "threshold": Threshold,
    "rate": Rate,
    "change": Change,
    "absence": Absence,
    "ratio": Ratio,
    "forecast": Forecast,
    "anomaly": Strange,
    "composite": Composite,
}

__all__ = [
    "ANEW", "KINDS", "STEP", "Absence", "BadRule", "Bar", "Change", "Composite", "Course", "Firing", "Forecast", "Grade", "Heard",
    "Judge", "Lasting", "Need", "Rate", "Ratio", "Shelf", "Source", "Stance", "State", "Strange", "Threshold", "Track", "Tracks",
    "advance", "all_judged", "grid", "judged",
]  # fmt: skip

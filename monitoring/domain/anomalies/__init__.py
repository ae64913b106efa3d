"""Judges one metric, reading by reading, by nothing but its own past.

`Detector.update(moment, value)` answers with a `Judgement`. Each view measures the reading in its own
way; `rarity` turns the measures into surprises by how often this metric showed such before; their mean
is judged, `quality` goes before it, `cooldown` comes after it.
"""

from monitoring.domain.anomalies.detector import Detector
from monitoring.domain.anomalies.judgement import Band, Judgement, Reason, View
from monitoring.domain.anomalies.storage import UnknownState
from monitoring.domain.anomalies.threshold import Feedback, Threshold
from monitoring.domain.anomalies.watch import Watch

__all__ = [
    "Band",
    "Detector",
    "Feedback",
    "Judgement",
    "Reason",
    "Threshold",
    "UnknownState",
    "View",
    "Watch",
]

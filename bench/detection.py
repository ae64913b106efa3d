"""The product's anomaly detector as outside scorers call it: one number for each reading."""

from __future__ import annotations

from datetime import datetime

from monitoring.domain import anomalies


class Detector:
    def __init__(self) -> None:
        self._judge = anomalies.Detector.fresh()

    def update(self, moment: datetime, value: float) -> float:
        return self._judge.update(moment, value).score

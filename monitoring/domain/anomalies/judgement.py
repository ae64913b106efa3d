"""What is said about one reading, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

HALF = 3.0  # the surprise at which a score is one half: where alarms begin unless feedback moved it


class Reason(StrEnum):
    NORMAL = "normal"
    LEARNING = "learning"  # too little past to judge by
    UNUSUAL = "unusual"
    COOLING = "cooling"  # as unusual as what was said shortly before: not said again
    MISSING = "missing"  # no reading, or none that is a finite number
    NO_DATA = "no-data"  # missing for so long that somebody should look
    STUCK = "stuck"
    LATE = "late"  # not newer than the one before: left out
    RESET = "reset"  # a counter began again


class View(StrEnum):
    VALUE = "value"  # the reading itself, against all earlier ones
    DRIFT = "drift"  # its distance from the slow mean
    HOUR = "hour"  # its distance from what this hour of the week is like
    LASTING = "lasting"  # the mean of the last readings
    DAY = "day"  # the last readings' mean distance from what this time of day is like


@dataclass(frozen=True, slots=True)
class Band:
    """What would have been ordinary, in the metric's own unit."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Judgement:
    """`score` is compared with the threshold; `probability` is how often this metric is as strange."""

    score: float
    probability: float = 1.0
    reason: Reason = Reason.NORMAL
    view: View | None = None
    observed: float | None = None  # what the view looked at: the reading, or the mean of the last
    expected: Band | None = None
    surprise: float = 0.0


def score_of(surprise: float) -> float:
    return surprise / (surprise + HALF)

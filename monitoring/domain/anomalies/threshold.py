"""Where alarms begin for one metric, and how what people say moves it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

USUAL = 0.5
LOWEST, HIGHEST = 0.4, 0.9
STEP = 0.01


class Feedback(StrEnum):
    USEFUL = "useful"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Threshold:
    """`useful` and `noise` count what was said, so that a page can show why it stands where it is."""

    value: float = USUAL
    useful: int = 0
    noise: int = 0

    def after(self, feedback: Feedback, score: float) -> Threshold:
        """Noise lifts it half the way to that score, a useful one lowers it a little."""
        if feedback is Feedback.NOISE:
            lifted = self.value + max(STEP, (score - self.value) / 2)
            return replace(self, value=min(lifted, HIGHEST), noise=self.noise + 1)
        return replace(self, value=max(self.value - STEP, LOWEST), useful=self.useful + 1)

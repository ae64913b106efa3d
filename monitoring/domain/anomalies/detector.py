"""The judge of one metric."""

from __future__ import annotations

from datetime import datetime
from math import exp, log
from typing import Self

from monitoring.domain.anomalies.cooldown import Cooldown
from monitoring.domain.anomalies.frames import Frames
from monitoring.domain.anomalies.judgement import HALF, Band, Judgement, Reason, score_of
from monitoring.domain.anomalies.quality import Readings, Runs
from monitoring.domain.anomalies.rarity import MOST, Rarity
from monitoring.domain.anomalies.storage import Page, Pen
from monitoring.domain.anomalies.views import Look, Views

HEADING = b"bongsu anomaly 2\n"
SETTLED = 20  # readings before sizes mean anything
LEARNED = 96  # readings before anything is judged
FAULT = 3 * HALF  # the surprise of what is wrong by rule, beyond what views reach together
RECORD = 0.4  # of the logarithm of all readings: how the strangest of them grows by chance
NOTABLE = HALF / 2  # from here on a judgement explains itself


class Detector:
    """One pass, no look ahead: what it says of a reading depends on that metric's past only.

    `moment` is the business's local time (naive, or with its zone), for days and weeks are read off
    it. The answer does not change when all values are scaled or shifted, or all moments by whole weeks.
    """

    def __init__(self, *, counter: bool = False) -> None:
        self._readings, self._runs = Readings(counter=counter), Runs()
        self._frames, self._views = Frames(), Views()
        self._rarity, self._cooldown = Rarity(), Cooldown()
        self._count = 0

    @classmethod
    def fresh(cls, *, counter: bool = False) -> Self:
        """`counter`: the readings only grow, and what is judged is how fast."""
        return cls(counter=counter)

    def update(self, moment: datetime, value: float | None) -> Judgement:
        reading = self._readings.take(moment, value)
        if reading is Reason.NO_DATA:
            return self._fault(Reason.NO_DATA)
        if isinstance(reading, Reason):
            return Judgement(0.0, reason=reading)
        stuck = self._runs.stuck(reading)
        look = self._views.look(self._frames.look(moment, reading))
        judgement = self._judge(look, stuck=stuck)
        self._views.learn(look)
        self._frames.learn(moment, reading)
        self._count += 1
        return judgement

    def _judge(self, look: Look, *, stuck: bool) -> Judgement:
        if self._count >= SETTLED:
            self._views.count(look)
        if self._count <= LEARNED:
            return Judgement(0.0, reason=Reason.LEARNING)
        strangeness = look.strangeness
        probability = exp(-self._rarity.surprise(exp(strangeness)))
        self._rarity.learn(exp(strangeness))
        if stuck:
            return self._fault(Reason.STUCK)
        surprise = max(0.0, strangeness - burden(self._count))
        if not self._cooldown.passes(surprise):
            reason = Reason.COOLING if surprise >= HALF else Reason.NORMAL
            return Judgement(0.0, probability, reason, surprise=surprise)
        return self._explained(look, surprise, probability)

    def _explained(self, look: Look, surprise: float, probability: float) -> Judgement:
        score = score_of(surprise)
        if surprise < NOTABLE:
            return Judgement(score, probability, surprise=surprise)
        observed, expected = self._views.explain(look)
        reason = Reason.UNUSUAL if surprise >= HALF else Reason.NORMAL
        return Judgement(score, probability, reason, look.strongest, observed, expected, surprise)

    def _fault(self, reason: Reason) -> Judgement:
        news = self._cooldown.passes(FAULT)
        return Judgement(score_of(FAULT) if news else 0.0, 0.0, reason, surprise=FAULT)

    def usual(self, moment: datetime) -> Band | None:
        """By what is known now, of any moment, also of one to come; None until a week has passed."""
        level = self._frames.usual(moment)
        return None if level is None else self._views.around(level)

    def dump(self) -> bytes:
        pen = Pen(HEADING)
        pen.numbers((self._count,))
        for part in self._parts():
            part.write(pen)
        return pen.written

    @classmethod
    def load(cls, written: bytes) -> Self:
        """Raises `UnknownState` for what another version wrote."""
        page = Page(written, HEADING)
        (count,) = page.numbers()
        detector = cls()
        detector._count = int(count)
        detector._readings, detector._runs = Readings.read(page), Runs.read(page)
        detector._frames, detector._views = Frames.read(page), Views.read(page)
        detector._rarity, detector._cooldown = Rarity.read(page), Cooldown.read(page)
        return detector

    def _parts(self) -> tuple[Readings, Runs, Frames, Views, Rarity, Cooldown]:
        return (
            self._readings,
            self._runs,
            self._frames,
            self._views,
            self._rarity,
            self._cooldown,
        )


def burden(count: int) -> float:
    """How strange the strangest of so many readings is anyway, beside that of a hundred."""
    return RECORD * log(min(count, MOST) / 100)

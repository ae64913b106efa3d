"""Whether a reading can be judged at all; the rules that come before every view."""

from __future__ import annotations

from datetime import datetime
from math import isfinite
from typing import Self

from monitoring.domain.anomalies.judgement import Reason
from monitoring.domain.anomalies.storage import Page, Pen

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - naive moments are measured from a naive one
LARGEST = 1e150  # beyond it differences and squares leave what a float can hold
IN_A_ROW = 12  # from so many on, what was an accident is a state
LONGER = 2.0  # than the longest run of equal readings before
GENERATION = 20_000
CHANGES = 24  # of a metric that has hardly moved yet, standing still says nothing


class Readings:
    """Lets finite, newer readings through; turns a counter into its rate."""

    def __init__(self, *, counter: bool = False) -> None:
        self.counter = counter
        self._last = self._count = 0.0  # instant and counter of the newest reading
        self._missing = self._late = 0
        self._begun = False

    def take(self, moment: datetime, value: float | None) -> float | Reason:
        if value is None or not isfinite(value) or abs(value) > LARGEST:
            self._missing += 1
            return Reason.NO_DATA if self._missing >= IN_A_ROW else Reason.MISSING
        self._missing = 0
        instant = _instant(moment)
        if self._begun and instant <= self._last and not self._clock_was_set():
            return Reason.LATE
        self._late = 0
        return self._rate(instant, float(value)) if self.counter else self._as_is(instant, value)

    def _clock_was_set(self) -> bool:
        """One reading is late by accident. Many in a row are right, and the old clock was wrong."""
        self._late += 1
        return self._late >= IN_A_ROW

    def _as_is(self, instant: float, value: float) -> float:
        self._begun, self._last = True, instant
        return float(value)

    def _rate(self, instant: float, count: float) -> float | Reason:
        begun, before, then = self._begun, self._count, self._last
        self._begun, self._count, self._last = True, count, instant
        if not begun or instant <= then:
            return Reason.LEARNING
        return Reason.RESET if count < before else (count - before) / (instant - then)

    def write(self, pen: Pen) -> None:
        pen.numbers((self.counter, self._last, self._count, self._missing, self._late, self._begun))

    @classmethod
    def read(cls, page: Page) -> Self:
        counter, last, count, missing, late, begun = page.numbers()
        readings = cls(counter=bool(counter))
        readings._last, readings._count = last, count
        readings._missing, readings._late, readings._begun = int(missing), int(late), bool(begun)
        return readings


class Runs:
    """Notices a metric that repeats one reading longer than it ever does."""

    def __init__(self) -> None:
        self._value, self._length = 0.0, 0
        self._longest = self._longest_before = 0  # of this generation, of the one before
        self._changes = self._age = 0

    def stuck(self, value: float) -> bool:
        self._grow_older()
        if value == self._value and self._length:
            self._length += 1
        else:
            self._end()
            self._value, self._length = value, 1
        usual = max(self._longest, self._longest_before)
        long = self._length >= IN_A_ROW and self._length > LONGER * usual
        return long and self._changes >= CHANGES

    def _end(self) -> None:
        self._longest = max(self._longest, self._length)
        self._changes += 1

    def _grow_older(self) -> None:
        self._age += 1
        if self._age == GENERATION:
            self._longest_before, self._longest, self._age = self._longest, 1, 0

    def write(self, pen: Pen) -> None:
        pen.numbers((self._value, self._length, self._changes, self._age))
        pen.numbers((self._longest, self._longest_before))

    @classmethod
    def read(cls, page: Page) -> Self:
        runs = cls()
        runs._value, *whole = page.numbers()
        runs._length, runs._changes, runs._age = map(int, whole)
        runs._longest, runs._longest_before = map(int, page.numbers())
        return runs


def _instant(moment: datetime) -> float:
    """Seconds; of local time with a zone the real ones, so that no hour is late in autumn."""
    if moment.tzinfo is not None:
        return moment.timestamp()
    return (moment - EPOCH).total_seconds()

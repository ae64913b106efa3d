"""One metric's judge as the product keeps it: in real moments, and with a sense of when to expect it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Self

from monitoring.domain.anomalies.detector import Detector
from monitoring.domain.anomalies.judgement import Band, Judgement
from monitoring.domain.anomalies.pace import Pace
from monitoring.domain.anomalies.storage import Page, Pen

HEADING: Final = b"bongsu watch 1\n"


class Watch:
    """Whoever is fed the same readings in the same order is the same, to the last bit.

    `zone` is where the business lives: its days and weeks are what a metric follows.
    """

    def __init__(self, zone: tzinfo, *, counter: bool = False) -> None:
        self._zone = zone
        self.pace = Pace()
        self._detector = Detector.fresh(counter=counter)

    def take(self, at: datetime, value: float | None) -> Judgement:
        """`None`: at this moment a reading is missing."""
        if value is None:
            self.pace.miss(at.timestamp())
        else:
            self.pace.learn(at.timestamp())
        return self._detector.update(at.astimezone(self._zone), value)

    def usual(self, at: datetime) -> Band | None:
        return self._detector.usual(at.astimezone(self._zone))

    def missing(self, now: datetime, *, awake: datetime) -> datetime | None:
        slot = self.pace.missing(now.timestamp(), awake=awake.timestamp())
        return None if slot is None else datetime.fromtimestamp(slot, UTC)

    @property
    def until(self) -> datetime | None:
        """Of the newest reading."""
        return datetime.fromtimestamp(self.pace.last, UTC) if self.pace.count else None

    @property
    def known(self) -> timedelta:
        return timedelta(seconds=self.pace.last - self.pace.first)

    @property
    def every(self) -> timedelta:
        return timedelta(seconds=self.pace.expected)

    def dump(self) -> bytes:
        pen = Pen(HEADING)
        self.pace.write(pen)
        return pen.written + self._detector.dump()

    @classmethod
    def load(cls, written: bytes, zone: tzinfo) -> Self:
        """Raises `UnknownState` for what another version wrote."""
        page = Page(written, HEADING)
        watch = cls(zone)
        watch.pace = Pace.read(page)
        watch._detector = Detector.load(page.rest)
        return watch

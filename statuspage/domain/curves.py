"""Measures that are shown to the public, as they are drawn and as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from core.charts.lines import chart
from core.charts.shapes import Chart, Point
from statuspage.domain.snapshot import CurveFacts, MeasureFacts, Snapshot, Text, moment

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
LOW: Final = 72.0  # pixels: on the first page
HIGH: Final = 120.0
MISSING: Final = 3  # so many points in a row: a hole, and no value of now


class Reach(NamedTuple):
    low: float
    mean: float
    high: float


@dataclass(frozen=True)
class Course:
    drawn: Chart
    reach: Reach | None  # None: nothing was measured
    by_day: Sequence[tuple[date, Reach]]


@dataclass(frozen=True)
class Shown:
    id: str
    name: Text
    unit: str
    now: float | None
    day: Course
    week: Course


def shown(snapshot: Snapshot, *, height: float = HIGH) -> list[Shown]:
    now, zone = moment(snapshot["at"]), ZoneInfo(snapshot["page"]["time_zone"])
    return [_shown(one, now, zone, height) for one in snapshot["measures"]]


def _shown(one: MeasureFacts, now: datetime, zone: ZoneInfo, height: float) -> Shown:
    def course(of: CurveFacts, span: timedelta) -> Course:
        points = [
            Point(datetime.fromtimestamp(at, UTC), low, mean, high)
            for at, low, mean, high in of["points"]
        ]
        gap = timedelta(seconds=of["step"] * MISSING)
        drawn = chart(points, now - span, now, gap=gap, zone=zone, unit=one["unit"], height=height)
        return Course(drawn, _reach(points), _by_day(points, zone))

    return Shown(
        one["id"], one["name"], one["unit"], _now(one["day"], now),
        course(one["day"], DAY), course(one["week"], WEEK),
    )  # fmt: skip


def _now(of: CurveFacts, now: datetime) -> float | None:
    """The last value, unless it is an old one."""
    if not of["points"]:
        return None
    at, _, mean, _ = of["points"][-1]
    return mean if now.timestamp() - at <= of["step"] * MISSING else None


def _reach(points: Sequence[Point]) -> Reach | None:
    if not points:
        return None
    return Reach(
        min(one.low for one in points),
        sum(one.mean for one in points) / len(points),
        max(one.high for one in points),
    )


def _by_day(points: Sequence[Point], zone: ZoneInfo) -> list[tuple[date, Reach]]:
    """The newest first."""
    runs = groupby(points, key=lambda one: one.at.astimezone(zone).date())
    found = [(day, reach) for day, run in runs if (reach := _reach(list(run)))]
    return found[::-1]

"""Heartbeats as they are seen: states in words, and the last pings as bars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.domain.heartbeats import Kind, State
from monitoring.models import HeartbeatMonitor, Ping

WORDS: Final[dict[State, Promise]] = {
    State.NEW: _("no ping yet"),
    State.UP: _("on time"),
    State.STARTED: _("running"),
    State.LATE: _("late"),
    State.DOWN: _("missing"),
    State.PAUSED: _("paused"),
}
FAILED: Final = _("failed")
TONES: Final = {
    State.UP: "good", State.STARTED: "good", State.LATE: "p2", State.DOWN: "p0",
    State.NEW: "", State.PAUSED: "",
}  # fmt: skip
FIRST: Final = [State.DOWN, State.LATE, State.STARTED, State.UP, State.NEW, State.PAUSED]
BARS, PINGS_SHOWN = 30, 100
WIDTH: Final = 5


@dataclass(frozen=True)
class Bar:
    x: int
    failed: bool


@dataclass(frozen=True)
class Row:
    monitor: HeartbeatMonitor
    state: State
    word: Promise
    tone: str
    bars: list[Bar]


def overview(*, at: datetime) -> dict[str, Any]:
    monitors = list(HeartbeatMonitor.objects.select_related("service"))
    bars = _bars([monitor.pk for monitor in monitors])
    rows = [_row(monitor, bars.get(monitor.pk, []), at=at) for monitor in monitors]
    rows.sort(key=lambda row: FIRST.index(row.state))
    return {"rows": rows, "base_url": settings.BASE_URL}


def detail(monitor: HeartbeatMonitor, *, at: datetime) -> dict[str, Any]:
    pings = list(monitor.pings.all()[:PINGS_SHOWN])
    told = [ping for ping in pings if ping.kind in {Kind.SUCCESS, Kind.FAIL}][:BARS]
    return {"row": _row(monitor, _drawn(told), at=at), "monitor": monitor, "pings": pings}


def _row(monitor: HeartbeatMonitor, bars: list[Bar], *, at: datetime) -> Row:
    state = monitor.state(at)
    failed = state == State.DOWN and monitor.failing
    return Row(monitor, state, FAILED if failed else WORDS[state], TONES[state], bars)


def _bars(monitors: Sequence[int]) -> dict[int, list[Bar]]:
    """The last pings of all of them, in one query."""
    place = Window(RowNumber(), partition_by="monitor", order_by=F("id").desc())
    told = Ping.objects.filter(monitor__in=monitors, kind__in=[Kind.SUCCESS, Kind.FAIL])
    found: dict[int, list[Ping]] = {}
    for ping in told.defer("body").annotate(place=place).filter(place__lte=BARS).order_by("-id"):
        found.setdefault(ping.monitor_id, []).append(ping)
    return {key: _drawn(pings) for key, pings in found.items()}


def _drawn(newest_first: Iterable[Ping]) -> list[Bar]:
    """The newest at the right."""
    return [
        Bar(x=(BARS - 1 - place) * WIDTH, failed=ping.kind == Kind.FAIL)
        for place, ping in enumerate(newest_first)
    ]

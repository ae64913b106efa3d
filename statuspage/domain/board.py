"""What the page shows, in the order it shows it: days, figures and groups out of a snapshot."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from statuspage.domain import bars
from statuspage.domain.bars import Day, Run
from statuspage.domain.snapshot import (
    ComponentFacts,
    NoticeFacts,
    Snapshot,
    Text,
    moment,
    notices,
    spans,
)
from statuspage.domain.states import State, worst
from statuspage.domain.uptime import Span, Tally, by_day, midnight, pooled, tally

DAYS: Final = 90
PAST: Final = 7  # days of history on the first page
NO_GROUP: Final = "others"  # shorter than any key


@dataclass(frozen=True)
class Row:
    id: str
    name: Text
    description: Text
    state: State
    showcase: bool
    days: Sequence[Day]
    window: tuple[int, int]  # seconds of the epoch, of which `sums` tells
    sums: Tally

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        return bars.runs(self.days)


@dataclass(frozen=True)
class Block:
    """A group, or what stands in none (`name` None)."""

    id: str
    name: Text | None
    rows: Sequence[Row]

    @property
    def troubled(self) -> int:
        return sum(row.state is not State.OPERATIONAL for row in self.rows)

    @property
    def state(self) -> State:
        return worst(row.state for row in self.rows)

    @cached_property
    def sums(self) -> Tally:
        return pooled([row.sums for row in self.rows])

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Of those that show theirs."""
        return bars.runs(bars.pooled([row.days for row in self.rows if row.showcase]))


@dataclass(frozen=True)
class Past:
    """A day with notices, or several in a row without any."""

    first: date
    last: date
    notices: Sequence[NoticeFacts] = ()


def blocks(snapshot: Snapshot) -> list[Block]:
    """Groups in their order, then what stands alone; components that only show in trouble stay away."""
    shown = [
        one
        for one in snapshot["components"]
        if not one["only_if_degraded"] or one["state"] != State.OPERATIONAL
    ]
    now = moment(snapshot["at"])
    zone = ZoneInfo(snapshot["page"]["time_zone"])
    rows = defaultdict[str, list[Row]](list)
    for one in shown:
        rows[one["group"] or NO_GROUP].append(_row(one, now, zone))
    groups: list[tuple[str, Text | None]] = [(one["id"], one["name"]) for one in snapshot["groups"]]
    every = [*groups, (NO_GROUP, None)]
    return [Block(key, name, rows[key]) for key, name in every if key in rows]


def _row(one: ComponentFacts, now: datetime, zone: ZoneInfo) -> Row:
    last = now.astimezone(zone).date()
    first = last - timedelta(days=DAYS - 1)
    since = max(midnight(date.fromisoformat(one["since"]), zone), midnight(first, zone))
    until = int(now.timestamp())
    days, sums = _past(tuple(spans(one)), first, last, zone, since, until)
    return Row(
        one["id"], one["name"], one["description"], State(one["state"]), one["showcase"],
        days, (since, max(since, until)), sums,
    )  # fmt: skip


@lru_cache(maxsize=512)  # of many components most had the same past: none
def _past(
    its: tuple[Span, ...], first: date, last: date, zone: ZoneInfo, since: int, until: int
) -> tuple[list[Day], Tally]:
    days = by_day(its, first, last, zone, since=since, now=until)
    sums = tally(its, since, until) if since < until else Tally()
    found = [Day(day, one.worst, one.seconds.get(one.worst, 0)) for day, one in days]
    return found, sums


def history(snapshot: Snapshot) -> list[Past]:
    """The last days, the newest first; what happened on each, and silence told once."""
    zone = ZoneInfo(snapshot["page"]["time_zone"])
    today = moment(snapshot["at"]).astimezone(zone).date()
    told: dict[date, list[NoticeFacts]] = {}
    for one in over(snapshot):
        told.setdefault(moment(one["started_at"]).astimezone(zone).date(), []).append(one)
    days = [today - timedelta(days=count) for count in range(PAST)]
    found = []
    for key, run in groupby(days, key=lambda day: day if day in told else None):
        several = list(run)
        found.append(Past(several[-1], several[0], told.get(key, ()) if key else ()))
    return found


def months(snapshot: Snapshot) -> list[tuple[date, list[NoticeFacts]]]:
    """All that is over, by the month in which it began; the newest first."""
    zone = ZoneInfo(snapshot["page"]["time_zone"])

    def month(notice: NoticeFacts) -> date:
        return moment(notice["started_at"]).astimezone(zone).date().replace(day=1)

    return [(first, list(run)) for first, run in groupby(over(snapshot), key=month)]


def over(snapshot: Snapshot) -> list[NoticeFacts]:
    found = [
        *notices(snapshot, "incident", going_on=False),
        *notices(snapshot, "maintenance", going_on=False),
    ]
    return sorted(found, key=lambda one: one["started_at"], reverse=True)

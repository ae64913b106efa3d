"""The page of who is on call: now, next, and four weeks as bars."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from teams.domain import strip
from teams.domain.roles import Action
from teams.models import User
from teams.oncall import AHEAD, Roster, Turn, rosters
from teams.rotations import Override, Rotation, Swap

WEEKS: Final = 4
MINE_SHOWN: Final = 6
OVERRIDES_SHOWN: Final = 20
THIN: Final = 12  # per cent of a week: a name does not fit on a phone


class Bar(NamedTuple):
    x: float
    width: float
    name: str  # "": nobody
    kind: str  # mine, odd, even, gap; thin beside it
    start: datetime
    end: datetime


class Week(NamedTuple):
    days: list[date]
    bars: list[Bar]


@dataclass(frozen=True)
class Board:
    """One rotation, laid out."""

    rotation: Rotation
    now: Turn | None
    next: Turn | None
    weeks: list[Week]
    turns: list[Turn]
    has_gaps: bool
    is_mine: bool


class MyTurn(NamedTuple):
    rotation: Rotation
    turn: Turn
    asked: bool


def on_call_page(user: User, *, at: datetime) -> dict[str, object]:
    zone = ZoneInfo(user.time_zone)
    edges = strip.starts(strip.monday(at, zone), WEEKS, zone)
    found = rosters(edges[0], max(edges[-1], at + AHEAD))
    swaps = _open_swaps(at)
    return {
        "boards": [_board(roster, user, edges, zone, at=at) for roster in found],
        "mine": _mine(found, user, swaps, since=edges[0], at=at),
        "swaps": swaps,
        "overrides": _overrides(at),
        "today": at.astimezone(zone).date(),
        "commands": user.may(Action.COMMAND),
        "can_respond": user.may(Action.RESPOND),
    }


def _board(
    roster: Roster, user: User, edges: list[datetime], zone: ZoneInfo, *, at: datetime
) -> Board:
    now, after = roster.now_and_next(at)
    turns = roster.turns(edges[0], edges[-1])
    gaps = roster.gaps(edges[0], edges[-1])
    spans = [(turn.start, turn.end) for turn in turns] + gaps
    weeks = []
    for begin in edges[:-1]:
        bars = [_bar(bar, turns, spans, user) for bar in strip.bars(spans, begin, zone)]
        first = begin.date()
        weeks.append(Week([first + timedelta(days=n) for n in range(7)], bars))
    coming = [turn for turn in turns if turn.end > at]
    mine = bool(now and now.person == user)
    return Board(roster.rotation, now, after, weeks, coming, any(e > at for _, e in gaps), mine)


def _bar(
    bar: strip.Bar,
    turns: list[Turn],
    spans: list[tuple[datetime, datetime]],
    user: User,
) -> Bar:
    start, end = spans[bar.span]
    thin = " thin" if bar.width < THIN else ""
    if bar.span >= len(turns):
        return Bar(bar.x, bar.width, "", f"gap{thin}", start, end)
    turn = turns[bar.span]
    kind = "mine" if turn.person == user else ("odd" if bar.span % 2 else "even")
    return Bar(bar.x, bar.width, turn.person.name, kind + thin, start, end)


def _mine(
    found: list[Roster], user: User, swaps: list[Swap], *, since: datetime, at: datetime
) -> list[MyTurn]:
    asked = {(swap.rotation_id, swap.starts_at) for swap in swaps if swap.asked_by_id == user.pk}
    turns = [
        MyTurn(roster.rotation, turn, (roster.rotation.pk, turn.start) in asked)
        for roster in found
        for turn in roster.turns(since, at + AHEAD)
        if turn.person == user and turn.end > at and (not turn.goes_on or turn.start <= at)
    ]
    return sorted(turns, key=lambda mine: mine.turn.start)[:MINE_SHOWN]


def _open_swaps(at: datetime) -> list[Swap]:
    return list(Swap.objects.waiting(at).select_related("rotation", "asked_by"))


def _overrides(at: datetime) -> list[Override]:
    rows = Override.objects.to_come(at).select_related("rotation", "user", "made_by")
    return list(rows[:OVERRIDES_SHOWN])

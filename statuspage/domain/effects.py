"""What a change of the record does to the figures that customers read, month by month."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from statuspage.domain import ledger
from statuspage.domain.board import DAYS
from statuspage.domain.ledger import Json, Known, Rules, Window
from statuspage.domain.snapshot import Text
from statuspage.domain.uptime import midnight

FIGURE: Final = "uptime_hundredths_of_percent"


@dataclass(frozen=True)
class Effect:
    name: Text
    month: date | None  # its first day; None: the days that the bars show
    closed: bool  # what is found out of it is an erratum
    before: int | None  # hundredths of a percent; None: nothing was known
    after: int | None


def effects(
    changed: Sequence[tuple[Known, Known]], entries: Sequence[Json], rules: Rules, *, now: datetime
) -> list[Effect]:
    """`changed`: components as they are recorded, and as they would be. `entries`: the ledger."""
    frozen = {one["month"]: one for one in entries if one["kind"] == "month"}
    return [
        effect
        for was, becomes in changed
        for effect in [
            *_of_bars(was, becomes, rules, now),
            *_of_months(was, becomes, entries, frozen, rules, now),
        ]
    ]


def _of_bars(was: Known, becomes: Known, rules: Rules, now: datetime) -> Iterator[Effect]:
    zone = ZoneInfo(rules.zone)
    first = now.astimezone(zone).date() - timedelta(days=DAYS - 1)
    window = (midnight(first, zone), int(now.timestamp()))
    yield from _effect(None, becomes, _row(was, window, rules), _row(becomes, window, rules))


def _of_months(
    was: Known, becomes: Known, entries: Sequence[Json], frozen: Mapping[str, Json], rules: Rules,
    now: datetime,
) -> Iterator[Effect]:  # fmt: skip
    for month in _months(was, becomes, rules, now):
        said = frozen.get(f"{month:%Y-%m}")
        if said is None:
            begin, end = rules.window(month)
            window = (begin, min(end, int(now.timestamp())))
            yield from _effect(
                month, becomes, _row(was, window, rules), _row(becomes, window, rules)
            )
        else:
            then = Rules(said["time_zone"], said["weights_percent"])
            before = ledger.standing(entries, said["month"]).get(was.id)
            window = (said["window"][0], said["window"][1])
            yield from _effect(month, becomes, before, _row(becomes, window, then), closed=True)


def _months(was: Known, becomes: Known, rules: Rules, now: datetime) -> Iterator[date]:
    """From the first second that is otherwise until now."""
    differing = set(was.spans) ^ set(becomes.spans)
    if not differing:
        return
    zone = ZoneInfo(rules.zone)
    first = datetime.fromtimestamp(min(one.began for one in differing), UTC).astimezone(zone).date()
    month, last = first.replace(day=1), now.astimezone(zone).date()
    while month <= last:
        yield month
        month = ledger.after(month)


def _row(one: Known, window: Window, rules: Rules) -> Json | None:
    return ledger.recorded(one, window, rules)


def _effect(
    month: date | None, of: Known, before: Json | None, after: Json | None, *, closed: bool = False
) -> Iterator[Effect]:
    """None where every second stays as it is."""
    if after is not None and ledger.differing(before, after):
        yield Effect(of.name, month, closed, before[FIGURE] if before else None, after[FIGURE])

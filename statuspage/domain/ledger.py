"""Months that are over, as they will be read for ever: each entry carries the digest of the one before.

What is found out about a frozen month later does not change it: it is another entry, an erratum, which says
what, by how much and why. Whoever once kept the newest digest can tell whether anything before it was changed.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from statuspage.domain.snapshot import Text
from statuspage.domain.states import State
from statuspage.domain.uptime import FORMULA, Span, Tally, midnight, pooled, slices

GRACE: Final = timedelta(days=3)  # to find out, before it stands
FIRST: Final = "0" * 64  # stands before the first entry
FIRST_DAY: Final = (
    "first_day"  # why a month is corrected: it was known earlier or later than thought
)

Json = dict[str, Any]
Window = tuple[int, int]


@dataclass(frozen=True)
class Known:
    """A component and all that is recorded of it now."""

    id: str
    name: Text
    group: str | None
    since: date
    spans: Sequence[Span]


@dataclass(frozen=True)
class Rules:
    zone: str
    weights: Mapping[str, int]

    def window(self, month: date) -> Window:
        zone = ZoneInfo(self.zone)
        return midnight(month, zone), midnight(after(month), zone)


def after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def due(frozen: Iterable[date], since: date, now: datetime, zone: str) -> Iterator[date]:
    """Months from the first day on that are over for long enough and are not frozen yet, the oldest first."""
    known = set(frozen)
    last = (now - GRACE).astimezone(ZoneInfo(zone)).date().replace(day=1)
    month = since.replace(day=1)
    while month < last:
        if month not in known:
            yield month
        month = after(month)


def month_of(
    month: date, components: Sequence[Known], groups: Sequence[tuple[str, Text]], rules: Rules
) -> Json:
    """What is frozen of it."""
    window = rules.window(month)
    rows = [(one, found) for one in components if (found := recorded(one, window, rules))]
    members = {
        key: [one.id for one, _row in rows if one.group == key] for key, _name in groups
    }  # fmt: skip
    of = {one.id: row for one, row in rows}
    return {
        "kind": "month",
        "month": f"{month:%Y-%m}",
        "formula": FORMULA,
        "time_zone": rules.zone,
        "weights_percent": dict(rules.weights),
        "window": list(window),
        "components": [row for _one, row in rows],
        "groups": [
            {"id": key, "name": name, "components": members[key]}
            | _figures(_sum(of, members[key]), rules)
            for key, name in groups
            if members[key]
        ],
    }


def recorded(one: Known, window: Window, rules: Rules) -> Json | None:
    """Its states in that time, the worst where several were said, and what they come to. None: it was not known then."""
    begin = max(window[0], midnight(one.since, ZoneInfo(rules.zone)))
    if begin >= window[1]:
        return None
    pieces = list(slices(one.spans, begin, window[1]))
    seconds: dict[State, int] = {}
    for state, since, until in pieces:
        seconds[state] = seconds.get(state, 0) + until - since
    return {
        "id": one.id,
        "name": one.name,
        "window": [begin, window[1]],
        "intervals": list(_joined(pieces)),
        **_figures(Tally(seconds), rules),
    }


def _joined(pieces: Iterable[tuple[State, int, int]]) -> Iterator[list[str | int]]:
    for state, run in groupby(pieces, key=lambda one: one[0]):
        several = list(run)
        if state is not State.OPERATIONAL:
            yield [state.value, several[0][1], several[-1][2]]


def erratum(month: Json, now: Mapping[str, Json], components: Sequence[Known]) -> Json | None:
    """What is otherwise by what is recorded now than `now`, which was said of that month last (`standing`)."""
    rules = Rules(month["time_zone"], month["weights_percent"])
    window = (month["window"][0], month["window"][1])
    fresh = {one.id: row for one in components if (row := recorded(one, window, rules))}
    changed = [
        {"id": key, "name": row["name"], "before": _short(now.get(key)), "after": _without_name(row)}
        for key, row in fresh.items()
        if key not in now or not _alike(now[key], row)
    ]  # fmt: skip
    if not changed:
        return None
    # Whoever is deleted stays as it was, and nobody joins or leaves a group afterwards.
    both = {**now, **fresh}
    groups = [
        {"id": one["id"], "name": one["name"], "before": before, "after": figures}
        for one in month["groups"]
        for before in [_figures(_sum(now, one["components"]), rules)]
        for figures in [_figures(_sum(both, one["components"]), rules)]
        if before != figures
    ]
    return {
        "kind": "erratum", "month": month["month"], "corrects": month["number"],
        "components": changed, "groups": groups,
    }  # fmt: skip


def standing(entries: Iterable[Json], month: str) -> dict[str, Json]:
    """What was said last of each component in that month."""
    found: dict[str, Json] = {}
    for one in entries:
        if one["month"] == month:
            for row in one["components"]:
                found[row["id"]] = (
                    row if one["kind"] == "month" else {**row["after"], "id": row["id"]}
                )
    return found


def differing(one: Json | None, other: Json) -> list[Window]:
    """The times in which they say something else."""
    edges = sorted(
        {edge for row in (one, other) if row for _s, *ends in row["intervals"] for edge in ends}
        | {edge for row in (one, other) if row for edge in row["window"]}
    )
    return [(begin, end) for begin, end in pairwise(edges) if _at(one, begin) != _at(other, begin)]


def _at(row: Json | None, second: int) -> str | None:
    if row is None or not row["window"][0] <= second < row["window"][1]:
        return None
    states = (state for state, begin, end in row["intervals"] if begin <= second < end)
    return next(states, State.OPERATIONAL)


def chained(said: Json, newest: Json | None, at: str) -> Json:
    body = {
        **said,
        "number": newest["number"] + 1 if newest else 1,
        "at": at,
        "before": newest["hash"] if newest else FIRST,
    }
    return {**body, "hash": digest(body)}


def digest(body: Json) -> str:
    """Of all but the digest itself: names in order, no spaces, UTF-8. There are only whole numbers in it."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _figures(sums: Tally, rules: Rules) -> Json:
    weights = {State(key): weight for key, weight in rules.weights.items()}
    return {
        "uptime_hundredths_of_percent": sums.hundredths(weights),
        "seconds": dict(sorted((state.value, count) for state, count in sums.seconds.items())),
    }


def _sum(rows: Mapping[str, Json], keys: Iterable[str]) -> Tally:
    return pooled([tally_of(rows[key]) for key in keys])


def tally_of(row: Json) -> Tally:
    return Tally({State(key): count for key, count in row["seconds"].items()})


def _alike(one: Json, other: Json) -> bool:
    return all(one[key] == other[key] for key in ("window", "intervals"))


def _short(row: Json | None) -> Json | None:
    return {key: row[key] for key in ("uptime_hundredths_of_percent", "seconds")} if row else None


def _without_name(row: Json) -> Json:
    return {key: value for key, value in row.items() if key not in {"id", "name"}}

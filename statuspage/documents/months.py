"""Months that are over, with everything that follows from them: for programs, and to read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Any, Final

from statuspage.domain.ledger import tally_of
from statuspage.domain.snapshot import Snapshot, Text
from statuspage.domain.states import State
from statuspage.domain.uptime import Tally
from statuspage.registry import Document, documents

SHOWN: Final = 12  # of the newest; the file has them all
LINES: Final = 300  # on the page, which stays small for a hundred services; one month at least
Json = dict[str, Any]


@documents.register("months")
class Months(Document):
    def files(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        said = {"entries": snapshot["ledger"]}
        yield "status/months.json", json.dumps(said, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Line:
    name: Text
    sums: Tally
    within: bool = False  # a group that stands above it


@dataclass(frozen=True)
class Month:
    first: date
    said: Json
    weights: Mapping[State, int]
    lines: list[Line]
    errata: list[Json] = field(default_factory=list)


def months_of(snapshot: Snapshot) -> list[Month]:
    """The newest first, each with what was put right of it afterwards."""
    found: dict[str, Month] = {}
    for entry in snapshot["ledger"]:
        if entry["kind"] == "month":
            found[entry["month"]] = _month(entry)
        else:
            found[entry["month"]].errata.append(entry)
    newest = sorted(found.values(), key=lambda one: one.first, reverse=True)[:SHOWN]
    so_far = accumulate(len(one.lines) for one in newest)
    return [
        one for place, (one, lines) in enumerate(zip(newest, so_far, strict=True))
        if lines <= LINES or place == 0
    ]  # fmt: skip


def _month(entry: Json) -> Month:
    weights = {State(key): weight for key, weight in entry["weights_percent"].items()}
    first = date.fromisoformat(f"{entry['month']}-01")
    return Month(first, entry, weights, list(_lines(entry)))


def _lines(entry: Json) -> Iterator[Line]:
    rows = {one["id"]: one for one in entry["components"]}
    for group in entry["groups"]:
        yield Line(group["name"], tally_of(group))
        for key in group["components"]:
            yield Line(rows[key]["name"], tally_of(rows.pop(key)), within=True)
    for row in rows.values():
        yield Line(row["name"], tally_of(row))

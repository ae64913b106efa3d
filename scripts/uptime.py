#!/usr/bin/env python3
"""Reckon the availability in /status/uptime.json again, from its intervals alone.

    curl -s https://status.example.com/status/uptime.json | python3 uptime.py

Says for each component and group what the page says and what follows from the intervals; ends with 1 where they
differ. Needs Python 3.10 and nothing else.
"""

import json
import sys
from itertools import pairwise
from typing import Any

GRAVITY = [
    "operational", "unknown", "under_maintenance", "degraded_performance", "partial_outage", "major_outage",
]  # fmt: skip


def seconds_by_state(intervals: list[Any], begin: int, end: int) -> dict[str, int]:
    """The window cut wherever an interval begins or ends; in each piece the gravest state counts."""
    edges = {begin, end}
    for _, since, until in intervals:
        edges.update(edge for edge in (since, until) if edge is not None and begin < edge < end)
    found: dict[str, int] = {}
    for since, until in pairwise(sorted(edges)):
        states = ["operational"] + [
            state for state, a, b in intervals if a <= since and (b is None or b >= until)
        ]
        state = max(states, key=GRAVITY.index)
        found[state] = found.get(state, 0) + until - since
    return found


def hundredths(seconds: dict[str, int], weights: dict[str, int]) -> int | None:
    known = sum(count for state, count in seconds.items() if state != "unknown")
    down = sum(weights.get(state, 0) * count for state, count in seconds.items())
    return 10_000 * (100 * known - down) // (100 * known) if known else None


def main() -> int:
    said = json.load(sys.stdin)
    weights, wrong = said["weights_percent"], 0
    sums: dict[str, dict[str, int]] = {}
    for one in said["components"]:
        sums[one["id"]] = seconds_by_state(one["intervals"], *one["window"])
        wrong += tell(one, sums[one["id"]], weights)
    for one in said["groups"]:
        pooled: dict[str, int] = {}
        for key in one["components"]:
            for state, count in sums[key].items():
                pooled[state] = pooled.get(state, 0) + count
        wrong += tell(one, pooled, weights)
    return 1 if wrong else 0


def tell(one: Any, seconds: dict[str, int], weights: dict[str, int]) -> bool:
    mine, theirs = hundredths(seconds, weights), one["uptime_hundredths_of_percent"]
    print(  # noqa: T201 - it is what it is for
        f"{one['name']['en']:30} page {theirs}  intervals {mine}  {'' if mine == theirs else 'DIFFERS'}"
    )
    return bool(mine != theirs)


if __name__ == "__main__":
    sys.exit(main())

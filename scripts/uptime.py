#!/usr/bin/env python3
"""Reckon the availability in /status/uptime.json again, from its intervals alone; or in /status/months.json.

    curl -s https://status.example.com/status/uptime.json | python3 uptime.py
    curl -s https://status.example.com/status/months.json | python3 uptime.py [FINGERPRINT...]

Says for each component and group what the page says and what follows from the intervals; ends with 1 where they
differ. Of closed months it also follows the chain of fingerprints, in which those that you once kept must be.
Needs Python 3.10 and nothing else.
"""

import hashlib
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
    if "entries" in said:
        return follow(said["entries"], sys.argv[1:])
    weights, wrong = said["weights_percent"], 0
    sums: dict[str, dict[str, int]] = {}
    for one in said["components"]:
        sums[one["id"]] = seconds_by_state(one["intervals"], *one["window"])
        wrong += tell(one["name"], one, sums[one["id"]], weights)
    for one in said["groups"]:
        wrong += tell(one["name"], one, pooled(sums, one["components"]), weights)
    return 1 if wrong else 0


def follow(entries: list[Any], kept: list[str]) -> int:
    """Months and errata in their order: each with the fingerprint of the one before, and with its figures."""
    before, wrong = "0" * 64, 0
    months: dict[str, tuple[Any, dict[str, dict[str, int]]]] = {}
    for number, entry in enumerate(entries, start=1):
        body = {key: value for key, value in entry.items() if key != "hash"}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        found = hashlib.sha256(text.encode()).hexdigest()
        whole = (found, before, number) == (entry["hash"], entry["before"], entry["number"])
        before = entry["hash"]
        print(  # noqa: T201 - it is what it is for
            f"{entry['number']} {entry['kind']} {entry['month']} {entry['hash'][:16]} {'' if whole else 'BROKEN'}"
        )
        wrong += not whole
        if entry["kind"] == "month":
            months[entry["month"]] = (entry, {})
        wrong += figures(entry, *months[entry["month"]])
    lost = set(kept) - {entry["hash"] for entry in entries}
    for one in lost:
        print(f"{one} is not there any more: CHANGED")  # noqa: T201
    return 1 if wrong or lost else 0


def figures(entry: Any, month: Any, sums: dict[str, dict[str, int]]) -> int:
    """`sums` is what counts of that month so far, by component."""
    weights, wrong = month["weights_percent"], 0
    for one in entry["components"]:
        last = sums.get(one["id"])
        now = one if entry["kind"] == "month" else one["after"]
        sums[one["id"]] = seconds_by_state(now["intervals"], *now["window"])
        wrong += tell(one["name"], now, sums[one["id"]], weights)
        if entry["kind"] == "erratum":
            wrong += (one["before"] and one["before"]["seconds"]) != last
    members = {one["id"]: one["components"] for one in month["groups"]}
    for one in entry["groups"]:
        now = one if entry["kind"] == "month" else one["after"]
        wrong += tell(one["name"], now, pooled(sums, members[one["id"]]), weights)
    return wrong


def pooled(sums: dict[str, dict[str, int]], components: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key in components:
        for state, count in sums[key].items():
            found[state] = found.get(state, 0) + count
    return found


def tell(name: Any, one: Any, seconds: dict[str, int], weights: dict[str, int]) -> bool:
    mine, theirs = hundredths(seconds, weights), one["uptime_hundredths_of_percent"]
    differs = bool(mine != theirs or one["seconds"] != seconds)
    print(  # noqa: T201
        f"{name['en']:30} page {theirs}  intervals {mine}  {'DIFFERS' if differs else ''}"
    )
    return differs


if __name__ == "__main__":
    sys.exit(main())

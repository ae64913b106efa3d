"""When a restored database is right, and how its time is told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core.told import Joined, Told
from core.told import Told as _
from runbooks.domain.writing import Wrong, at

BOUND: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_.]{0,126})=(\d{1,15})")


@dataclass(frozen=True)
class Differs:
    table: str
    found: int
    expected: int
    bound: bool = False  # set by people, not recorded


def least_rows(given: str) -> dict[str, int]:
    """Of "users=1000,ledger.entries=1"; "none" is none. Raises Wrong."""
    if given == "none":
        return {}
    found = [BOUND.fullmatch(part.strip()) for part in given.split(",")]
    if not all(found):
        raise Wrong(
            at("least", _("tables and their fewest rows, such as users=1000,wallets=10, or none"))
        )
    pairs = [(one[1], int(one[2])) for one in found if one]
    return {name if "." in name else f"public.{name}": count for name, count in pairs}


def differing(
    recorded: Mapping[str, int], found: Mapping[str, int], least: Mapping[str, int]
) -> list[Differs]:
    """A table that is not there has no rows."""
    other = [
        Differs(name, found.get(name, 0), count)
        for name, count in recorded.items()
        if found.get(name, 0) != count
    ]
    few = [
        Differs(name, found.get(name, 0), count, bound=True)
        for name, count in least.items()
        if found.get(name, 0) < count
    ]
    return other + few


def room_for(recorded: int, live: int, dump: int) -> int:
    """Bytes that a restored database takes: as it was when it was dumped, as it is, or at least as much as its dump."""
    return (recorded or max(live, dump)) * 11 // 10


def size(count: int) -> str:
    """Such as 1.2 GB: of ten to the power of three each, as df -H and disks are sold."""
    value, units = float(count), ["B", "kB", "MB", "GB"]
    while value >= 1000 and len(units) > 1:
        value /= 1000
        units.pop(0)
    return f"{value:,.1f} {units[0]}" if units[0] != "B" else f"{count} B"


def span(length: timedelta) -> Told:
    """Such as 3 min 12 s: the two greatest units, without what is nought."""
    seconds = max(0, int(length.total_seconds()))
    counts = [seconds // 3600, seconds // 60 % 60, seconds % 60]
    hours, minutes, rest = counts
    parts = [
        _("%(count)s h", count=hours),
        _("%(count)s min", count=minutes),
        _("%(count)s s", count=rest),
    ]
    first = next((index for index, count in enumerate(counts) if count), 2)
    both = zip(parts, counts, strict=True)
    told = [part for part, count in list(both)[first : first + 2] if count]
    return Joined(told) if told else parts[-1]

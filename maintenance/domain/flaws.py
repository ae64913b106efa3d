"""What can be wrong with a backup: each has a name, and the facts that its sentence needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Self

MAJOR: Final = 10_000  # of PostgreSQL's number of a version: 180003 is 18.3


@dataclass(frozen=True)
class Flaw:
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        return {"code": self.code, **self.facts}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        facts = dict(kept)
        return cls(facts.pop("code"), facts)


def of_contents(
    recorded: Mapping[str, int], found: Mapping[str, int], least: Mapping[str, int]
) -> list[Flaw]:
    """A table that is not there at all is told as that, and not as one without rows."""
    missing = [Flaw("table_missing", {"table": name}) for name in recorded if name not in found]
    other = [
        Flaw("rows", {"table": name, "found": found[name], "recorded": count})
        for name, count in recorded.items()
        if name in found and found[name] != count
    ]
    few = [
        Flaw("too_few", {"table": name, "found": found.get(name, 0), "least": count})
        for name, count in least.items()
        if found.get(name, 0) < count
    ]
    return missing + other + few


def of_schema(recorded: str, found: str) -> list[Flaw]:
    return [] if recorded == found else [Flaw("schema")]


def of_version(dumped: str, server: int) -> list[Flaw]:
    """A dump of a newer PostgreSQL than the one it shall go into may say what that one does not know."""
    major = dumped.partition(".")[0]
    if major.isdigit() and int(major) <= server // MAJOR:
        return []
    return [Flaw("version", {"dumped": dumped or "?", "server": server // MAJOR})]


def of_age(age: timedelta, rpo: timedelta) -> list[Flaw]:
    if age <= rpo:
        return []
    return [Flaw("too_old", {"age": age.total_seconds(), "rpo": rpo.total_seconds()})]


def of_time(took: timedelta, rto: timedelta) -> list[Flaw]:
    if took <= rto:
        return []
    return [Flaw("too_slow", {"took": took.total_seconds(), "rto": rto.total_seconds()})]


def codes(flaws: Iterable[Flaw]) -> list[str]:
    return [one.code for one in flaws]

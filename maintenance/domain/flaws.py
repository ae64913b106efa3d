"""What can be wrong with a backup: each has a name, and the facts that its sentence needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self

MAJOR: Final = 10_000  # of PostgreSQL's number of a version: 180003 is 18.3
AHEAD: Final = timedelta(minutes=5)  # between two clocks that are right


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


def of_clock(moments: Mapping[str, datetime | None], now: datetime) -> list[Flaw]:
    """Those whose name lies ahead of now: by a wrong clock or another's hand. None of them counts as the newest."""
    ahead = {stem: made - now for stem, made in moments.items() if made and made - now > AHEAD}
    return [Flaw("ahead", {"file": stem, "age": by.total_seconds()}) for stem, by in ahead.items()][
        :1
    ]


def of_record(recorded: str, found: str) -> list[Flaw]:
    """Whoever exchanges a dump and its manifest as well does not reach our rows."""
    return [] if not recorded or recorded == found else [Flaw("exchanged")]


def of_name(called: str, said: str) -> list[Flaw]:
    return [] if called == said else [Flaw("misnamed", {"file": called, "said": said})]


def of_time(took: timedelta, rto: timedelta) -> list[Flaw]:
    if took <= rto:
        return []
    return [Flaw("too_slow", {"took": took.total_seconds(), "rto": rto.total_seconds()})]


def codes(flaws: Iterable[Flaw]) -> list[str]:
    return [one.code for one in flaws]

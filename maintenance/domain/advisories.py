"""Which advisories concern a version, by the Open Source Vulnerability format (ossf.github.io/osv-schema, 1.7)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ECOSYSTEM: Final = "PyPI"
Advisory = Mapping[str, Any]


@dataclass(frozen=True)
class Hole:
    """An advisory that concerns what is installed."""

    package: str
    version: str
    name: str  # as people know it: its CVE where it has one
    summary: str
    fixed: str  # the first version without it; empty: none yet


def holes(installed: Mapping[str, str], advisories: Iterable[Advisory]) -> list[Hole]:
    """Of packages by name with their version."""
    ours = {str(canonicalize_name(name)): version for name, version in installed.items()}
    found = {
        (hole.package, hole.name): hole
        for advisory in advisories
        if not advisory.get("withdrawn")
        for hole in _of(advisory, ours)
    }
    return sorted(found.values(), key=lambda hole: (hole.package, hole.name))


def _of(advisory: Advisory, ours: Mapping[str, str]) -> Iterator[Hole]:
    for part in advisory.get("affected", []):
        package = part.get("package", {})
        name = str(canonicalize_name(package.get("name", "")))
        if package.get("ecosystem") == ECOSYSTEM and name in ours and affects(part, ours[name]):
            summary = str(advisory.get("summary") or advisory.get("details", ""))[:200]
            yield Hole(name, ours[name], known_as(advisory), summary, fixed_in(part, ours[name]))


def known_as(advisory: Advisory) -> str:
    aliases = [str(one) for one in advisory.get("aliases", [])]
    return next((one for one in aliases if one.startswith("CVE-")), str(advisory.get("id", "")))


def affects(part: Mapping[str, Any], version: str) -> bool:
    """Named one by one, or within a range; a version that cannot be read is only in the list."""
    if version in part.get("versions", []):
        return True
    here = _version(version)
    return here is not None and any(_holds(events, here) for events in _ranges(part))


def fixed_in(part: Mapping[str, Any], version: str) -> str:
    here = _version(version)
    fixes = [
        fixed
        for events in _ranges(part)
        for event in events
        if (fixed := _version(event.get("fixed", ""))) and here and fixed > here
    ]
    return str(min(fixes, default=""))


def _ranges(part: Mapping[str, Any]) -> Iterator[Sequence[Mapping[str, str]]]:
    for one in part.get("ranges", []):
        if one.get("type") == "ECOSYSTEM":
            yield one.get("events", [])


def _holds(events: Sequence[Mapping[str, str]], here: Version) -> bool:
    """The schema's own rule: events in the order of their versions, the last that counts decides."""
    inside = False
    for kind, limit in sorted(_limits(events), key=lambda pair: pair[1]):
        if kind == "introduced" and here >= limit:
            inside = True
        elif (kind == "fixed" and here >= limit) or (kind == "last_affected" and here > limit):
            inside = False
    return inside


def _limits(events: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, Version]]:
    for event in events:
        for kind, said in event.items():
            if limit := _version(said):
                yield kind, limit


def _version(said: str) -> Version | None:
    try:
        return Version(said)
    except InvalidVersion:
        return None


@dataclass(frozen=True)
class Behind:
    package: str
    version: str
    newest: str


def behind(installed: Mapping[str, str], newest: Mapping[str, str]) -> list[Behind]:
    known = {str(canonicalize_name(name)): version for name, version in newest.items()}
    found = []
    for name, version in installed.items():
        said = known.get(str(canonicalize_name(name)), "")
        there, here = _version(said), _version(version)
        if there and here and there > here and not there.is_prerelease:
            found.append(Behind(str(canonicalize_name(name)), version, said))
    return sorted(found, key=lambda one: one.package)

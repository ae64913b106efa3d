"""All that a postmortem says, as plain values: their hash, what changed, and two people's changes put together."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Content = Mapping[str, Any]
PLACES: Final = ("whys", "actions", "moments", "impacts")  # besides the texts


def digest(content: Content) -> str:
    """The same for the same content, wherever and in whichever order it was read."""
    said = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Merged:
    texts: dict[str, Any]  # what is to be saved
    clashes: tuple[str, ...] = ()  # fields that both have changed, each otherwise


def merge(base: Content, mine: Content, theirs: Content) -> Merged:
    """Of two who began with `base`: whatever only one of them changed is theirs to change."""
    changed = {name: said for name, said in mine.items() if said != base.get(name)}
    clashes = [
        name
        for name, said in changed.items()
        if theirs.get(name) != base.get(name) and theirs.get(name) != said
    ]
    return Merged({name: said for name, said in changed.items() if said != theirs.get(name)},
                  tuple(clashes))  # fmt: skip


@dataclass(frozen=True)
class Difference:
    place: str  # the name of a text, or one of PLACES
    before: tuple[str, ...]
    after: tuple[str, ...]


def differences(old: Content, new: Content) -> list[Difference]:
    before, after = old.get("texts", {}), new.get("texts", {})
    found = [
        Difference(name, _lines(before.get(name)), _lines(after.get(name)))
        for name in [*after, *(name for name in before if name not in after)]
        if before.get(name) != after.get(name)
    ]
    for place in PLACES:
        was, now = tuple(_rows(place, old)), tuple(_rows(place, new))
        if was != now:
            found.append(Difference(place, was, now))
    return found


def _lines(said: Any) -> tuple[str, ...]:
    return () if said in (None, "") else tuple(str(said).splitlines())


def _rows(place: str, content: Content) -> Iterator[str]:
    rows = content.get(place, [])
    if place == "whys":
        yield from tree_lines(rows)
        return
    for row in rows:
        yield " · ".join(str(value) for value in row.values() if value not in (None, "", False))


def tree_lines(rows: Sequence[Content], depth: int = 0) -> Iterator[str]:
    """Each answer one line, as deep as it stands, with what it rests on."""
    for row in rows:
        cited = "".join(f" [{one['said']}]" for one in row.get("evidence", []))
        yield f"{'  ' * depth}{row['answer']}{cited}"
        yield from tree_lines(row.get("causes", []), depth + 1)

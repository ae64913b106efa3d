"""The words a runbook is written in, read strictly: what does not fit is named with its place."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from core.told import Joined, Told
from core.told import Told as _

UNITS: Final = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
SPAN: Final = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|min|m|h|d)")
LONGEST_TEXT: Final = 4_000


class Wrong(ValueError):
    """Everything that does not fit: each fault says where it stands and what belongs there."""

    def __init__(self, *faults: str | Told) -> None:
        super().__init__(*faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


def at(place: str, fault: str | Told) -> Told:
    """A place is the same in every language."""
    return Joined([place, fault], by=": ")


@dataclass(frozen=True)
class Both:
    """One text in both languages."""

    ko: str
    en: str

    def as_dict(self) -> dict[str, str]:
        return {"ko": self.ko, "en": self.en}

    def __bool__(self) -> bool:
        return bool(self.ko or self.en)


def mapping(given: object, place: str) -> Mapping[str, Any]:
    if not isinstance(given, dict) or not all(isinstance(key, str) for key in given):
        raise Wrong(at(place, _("names with values, such as title: …")))
    return given


def only(body: Mapping[str, Any], known: Collection[str], place: str) -> None:
    if strange := sorted(set(body) - set(known)):
        told = ", ".join(sorted(known))
        fault = _("not known; there is %(names)s", names=told)
        raise Wrong(*(at(f"{place}.{name}".lstrip("."), fault) for name in strange))


def both(given: object, place: str) -> Both:
    if not isinstance(given, dict) or set(given) != {"ko", "en"}:
        raise Wrong(at(place, _("a text in both languages, such as {ko: …, en: …}")))
    return Both(text(given["ko"], f"{place}.ko"), text(given["en"], f"{place}.en"))


def text(given: object, place: str) -> str:
    if (
        not isinstance(given, str)
        or not given.strip()
        or len(given) > LONGEST_TEXT
        or not storable(given)
    ):
        raise Wrong(at(place, _("a text of at most %(most)s characters", most=LONGEST_TEXT)))
    return given.strip()


def storable(given: str) -> bool:
    """Neither NUL nor half a character, which no row can hold and no host takes."""
    return "\0" not in given and not any("\ud800" <= one <= "\udfff" for one in given)


def words(given: object, place: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(one, str) and one for one in given):
        raise Wrong(at(place, _("a list of words")))
    return tuple(given)


def whole(given: object, place: str, *, least: int, most: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise Wrong(
            at(place, _("a whole number from %(least)s to %(most)s", least=least, most=most))
        )
    return given


def duration(given: object, place: str) -> timedelta:
    """Such as 30s, 5min, 1.5h."""
    found = SPAN.fullmatch(given.strip()) if isinstance(given, str) else None
    if found is None:
        raise Wrong(at(place, _("a length of time such as 500ms, 30s, 5min, 2h or 1d")))
    return timedelta(seconds=float(found[1]) * UNITS[found[2]])


def a_choice(given: object, place: str, known: Collection[str]) -> str:
    if given not in known:
        raise Wrong(at(place, _("one of %(names)s", names=", ".join(sorted(known)))))
    return str(given)

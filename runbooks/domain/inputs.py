"""What a run is told when it is started: each input has a type and bounds, and no value goes past them.

A text that ends up as an argument of a command cannot begin with "-": it would be an option there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from core.told import Joined, Told
from core.told import Told as _
from runbooks.domain.writing import (
    Both,
    Wrong,
    a_choice,
    at,
    both,
    duration,
    mapping,
    only,
    storable,
    text,
    whole,
    words,
)

TYPES: Final = ("text", "number", "duration", "choice", "hosts", "host", "pool", "database", "flag")
OF: Final = ("pool", "database")  # what hosts may be of
PLAIN: Final = r"[A-Za-z0-9_.:/@%+,=~-]{1,200}"  # no space, no quote, nothing a shell would read
BOUND: Final = 10**12


@dataclass(frozen=True)
class Input:
    type: str
    label: Both
    default: Any = None
    pattern: str = PLAIN
    least: int = 0
    most: int = BOUND
    choices: tuple[str, ...] = ()
    required: bool = True
    of: str = ""  # of hosts: the input that names a pool or a database; where none are given it is all of that


class Unfit(ValueError):
    """A value that its input does not take; `name` is the input's."""

    def __init__(self, name: str, why: Told) -> None:
        super().__init__()
        self.name, self.why = name, why

    def __str__(self) -> str:
        return str(Joined([self.name, self.why], by=": "))


def an_input(given: object, place: str) -> Input:
    """Raises Wrong."""
    body = mapping(given, place)
    only(
        body,
        ("type", "label", "default", "pattern", "least", "most", "choices", "required", "of"),
        place,
    )
    kind = a_choice(body.get("type"), f"{place}.type", TYPES)
    found = Input(
        kind,
        both(body.get("label"), f"{place}.label"),
        body.get("default"),
        _pattern(body.get("pattern", PLAIN), place),
        whole(body.get("least", 0), f"{place}.least", least=-BOUND, most=BOUND),
        whole(body.get("most", BOUND), f"{place}.most", least=-BOUND, most=BOUND),
        words(body.get("choices", []), f"{place}.choices"),
        body.get("required", True) is True,
        text(body["of"], f"{place}.of") if "of" in body else "",
    )
    if kind == "choice" and not found.choices:
        raise Wrong(at(f"{place}.choices", _("what may be chosen")))
    if found.default is not None:
        try:
            value_of(place, found, found.default)
        except Unfit as unfit:
            raise Wrong(at(f"{place}.default", unfit.why)) from unfit
    return found


def _pattern(given: object, place: str) -> str:
    try:
        return re.compile(str(given)).pattern
    except re.error as error:
        raise Wrong(at(f"{place}.pattern", str(error))) from error


def values_of(inputs: Mapping[str, Input], given: Mapping[str, Any]) -> dict[str, Any]:
    """A value for each input that has one, as it is kept. Raises Unfit, also for what is no input."""
    if strange := sorted(set(given) - set(inputs)):
        raise Unfit(strange[0], _("there is no such input"))
    found: dict[str, Any] = {}
    for name, one in inputs.items():
        value = given.get(name)
        value = one.default if value in (None, "", []) else value
        if value in (None, "", []):
            if one.required:
                raise Unfit(name, _("a value is needed"))
            if one.type == "hosts":
                found[name] = []  # what is done on them is done on none
            continue
        found[name] = value_of(name, one, value)
    return found


def value_of(name: str, one: Input, value: Any) -> Any:
    """Raises Unfit. Lengths of time stay as they are written, such as 30s."""
    reader = _READERS.get(one.type, _text)
    return reader(name, one, value)


def _text(name: str, one: Input, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(one.pattern, value) or not storable(value):
        raise Unfit(name, _("it does not look like %(pattern)s", pattern=one.pattern))
    if value.startswith("-"):
        raise Unfit(name, _("it may not begin with a dash"))
    return value


def _number(name: str, one: Input, value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,13}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not one.least <= value <= one.most:
        raise Unfit(
            name,
            _("a whole number from %(least)s to %(most)s", least=one.least, most=one.most),
        )
    return value


def _duration(name: str, one: Input, value: Any) -> str:
    """`least` and `most` are seconds."""
    try:
        span = duration(value, name)
    except Wrong as wrong:
        raise Unfit(name, _("a length of time such as 30s, 5min or 2h")) from wrong
    if not timedelta(seconds=one.least) <= span <= timedelta(seconds=min(one.most, 86_400 * 30)):
        raise Unfit(
            name,
            _("between %(least)s and %(most)s seconds", least=one.least, most=one.most),
        )
    return str(value).strip()


def _choice(name: str, one: Input, value: Any) -> str:
    if value not in one.choices:
        raise Unfit(name, _("one of %(names)s", names=", ".join(one.choices)))
    return str(value)


def _flag(name: str, _one: Input, value: Any) -> bool:
    said = {True: True, False: False, "true": True, "false": False, "on": True}.get(value)
    if said is None:
        raise Unfit(name, _("true or false"))
    return said


def _hosts(name: str, one: Input, value: Any) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or len(names) > 1_000:
        raise Unfit(name, _("names of hosts"))
    return [_text(name, one, host) for host in dict.fromkeys(names)]


_READERS: Final = {
    "number": _number, "duration": _duration, "choice": _choice, "flag": _flag, "hosts": _hosts,
}  # fmt: skip

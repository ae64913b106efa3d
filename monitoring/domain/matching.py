"""Which alerts are meant: matchers of labels, with Alertmanager's meaning and its way of writing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from monitoring.domain.regular import pattern
from monitoring.domain.walking import BadPattern

MOST: Final = 30  # matchers of one silence or route
WRITTEN: Final = re.compile(
    r'\s*([^\s=!~"{}]+)\s*(=~|!~|!=|=)\s*(?:"((?:\\.|[^"\\])*)"|((?!").*?))\s*,?\s*'
)
ESCAPED: Final = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


class BadMatcher(ValueError):
    """What is wrong with it, and with which part, for whoever wrote it."""

    def __init__(self, reason: str, part: str = "") -> None:
        super().__init__(f"{part}: {reason}" if part else reason)
        self.reason, self.part = reason, part


@dataclass(frozen=True)
class Matcher:
    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True

    def __post_init__(self) -> None:
        if not self.name:
            raise BadMatcher("a matcher needs the name of a label")
        if self.is_regex:
            try:
                pattern(self.value)
            except BadPattern as bad:
                raise BadMatcher(str(bad), str(self)) from bad

    def __str__(self) -> str:
        sign = (
            ("=~" if self.is_equal else "!~") if self.is_regex else "=" if self.is_equal else "!="
        )
        value = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.name}{sign}"{value}"'

    def fits(self, labels: Mapping[str, str]) -> bool:
        """A label that is not there is an empty one."""
        value = labels.get(self.name, "")
        equal = pattern(self.value).matches(value) if self.is_regex else value == self.value
        return equal == self.is_equal

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "value": self.value,
            "isRegex": self.is_regex, "isEqual": self.is_equal,
        }  # fmt: skip


def all_fit(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    return all(matcher.fits(labels) for matcher in matchers)


def choosy(matchers: Sequence[Matcher]) -> Sequence[Matcher]:
    """The matchers, when they mean some alerts and not simply all; raises BadMatcher."""
    if not matchers:
        raise BadMatcher("name at least one label")
    if len(matchers) > MOST:
        raise BadMatcher("too many matchers")
    if all_fit(matchers, {}):
        raise BadMatcher("at least one matcher must not fit an alert without labels")
    return matchers


def read_json(given: Any) -> list[Matcher]:
    """As Alertmanager's API writes them; raises BadMatcher."""
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise BadMatcher("matchers must be a list of objects")
    return [_from_json(each) for each in given]


def _from_json(given: Mapping[str, Any]) -> Matcher:
    name, value = given.get("name"), given.get("value")
    if not isinstance(name, str) or not isinstance(value, str) or "\0" in name + value:
        raise BadMatcher("a matcher needs name and value, both texts")
    return Matcher(name, value, given.get("isRegex") is True, given.get("isEqual", True) is True)


def read_lines(text: str) -> list[Matcher]:
    """One matcher a line, as in `alertname="Stuck"` or `instance=~db-.*`; raises BadMatcher."""
    # Not splitlines: to it half a dozen characters that a label may hold are ends of lines too.
    return [_from_line(line) for line in text.replace("\0", "").split("\n") if line.strip()]


def _from_line(line: str) -> Matcher:
    if not (found := WRITTEN.fullmatch(line)):
        raise BadMatcher("write label=value, or with !=, =~ or !~", line.strip())
    name, sign, quoted, plain = found.groups()
    value = plain if quoted is None else re.sub(r"\\.", lambda e: ESCAPED.get(e[0], e[0]), quoted)
    return Matcher(name, value, is_regex="~" in sign, is_equal="!" not in sign)


def written(matchers: Iterable[Matcher]) -> str:
    return "\n".join(map(str, matchers))

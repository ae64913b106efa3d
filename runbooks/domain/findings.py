"""What the output of a step means, in words: "disk of db1 is full", "2 sessions block others".

findings:
  - when: {used_percent: ">= 90"}      of the rows that the step read; all conditions hold, also several: [">= 90", "< 98"]
    say: {ko: "{host}의 …", en: "disk of {host} is {used_percent} % full"}
    grave: true                        leads the diagnosis
    once: true                         one sentence for all such rows, with {count} of them
  - none: true                         where it read no row at all
    say: …
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.told import Told as _
from runbooks.domain.writing import Both, Wrong, at, both, mapping, only

TEST: Final = re.compile(r"(>=|<=|==|!=|!~|>|<|~)\s*(.{1,200})", re.DOTALL)
MOST: Final = 20  # sentences of one finding; beyond it is said how many there are
GAP: Final = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
Row = Mapping[str, Any]
Tests = tuple[tuple[str, str, str], ...]  # column, comparison, value: all hold


@dataclass(frozen=True)
class Finding:
    say: Both
    when: Tests = ()
    grave: bool = False
    once: bool = False
    none: bool = False


@dataclass(frozen=True)
class Said:
    text: Both
    grave: bool = False


def finding(given: object, place: str) -> Finding:
    """Raises Wrong."""
    body = mapping(given, place)
    only(body, ("when", "say", "grave", "once", "none"), place)
    tests = tests_of(body.get("when", {}), f"{place}.when")
    flags = {flag: body.get(flag) is True for flag in ("grave", "once", "none")}
    return Finding(both(body.get("say"), f"{place}.say"), tests, **flags)


def tests_of(given: object, place: str) -> Tests:
    """Raises Wrong."""
    tests = []
    for column, asked in mapping(given, place).items():
        for test in asked if isinstance(asked, list) else [asked]:
            found = TEST.fullmatch(str(test))
            if found is None:
                told = '">= 90", "== failed", "~ word", "!~ word"'
                raise Wrong(
                    at(f"{place}.{column}", _("a comparison such as %(examples)s", examples=told))
                )
            tests.append((column, found[1], found[2].strip()))
    return tuple(tests)


def holds(row: Row, tests: Tests) -> bool:
    return all(_holds(row, *test) for test in tests)


def said(findings: Iterable[Finding], rows: Sequence[Row]) -> list[Said]:
    """The sentences, the grave ones first."""
    found = [one for each in findings for one in _said(each, rows)]
    return sorted(found, key=lambda one: not one.grave)


def _said(each: Finding, rows: Sequence[Row]) -> list[Said]:
    if each.none:
        return [] if rows else [Said(each.say, each.grave)]
    fit = [row for row in rows if holds(row, each.when)]
    if each.once:
        told = {"count": len(fit), **(fit[0] if fit else {})}
        return [Said(_told(each.say, told), each.grave)] if fit else []
    return [Said(_told(each.say, row), each.grave) for row in fit[:MOST]]


def _told(say: Both, row: Row) -> Both:
    """A value is put in as it is, in the sentence's language where it has two; one that is missing stays visible."""

    def fill(language: str) -> str:
        def put(gap: re.Match[str]) -> str:
            value = row.get(gap[1], gap[0])
            return str(getattr(value, language) if isinstance(value, Both) else value)[:200]

        return GAP.sub(put, getattr(say, language))

    return Both(fill("ko"), fill("en"))


def _holds(row: Row, column: str, sign: str, value: str) -> bool:
    found = row.get(column)
    if found is None:
        return False
    if isinstance(found, Both):
        found = found.en
    if sign in ("~", "!~"):
        return (value.lower() in str(found).lower()) is (sign == "~")
    if sign in ("==", "!="):
        same = str(found) == value or _number(found) == _number(value) is not None
        return same is (sign == "==")
    left, right = _number(found), _number(value)
    if left is None or right is None:
        return False
    return {">": left > right, "<": left < right, ">=": left >= right, "<=": left <= right}[sign]


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None

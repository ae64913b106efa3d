"""Samples as Prometheus writes them: its text format, version 0.0.4.

Read strictly and in one pass, without backtracking: whoever may push may send anything. Types and
explanations are passed over, since a sample stands for itself; a unit is taken as OpenMetrics writes
it (`# UNIT name s`), and a class likewise (`# KIND name system`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from monitoring.domain.resolution import EPOCH
from monitoring.domain.samples import KINDS, Identity, Point

MILLISECOND: Final = timedelta(milliseconds=1)
SPELLED = re.compile("[a-zA-Z_:][a-zA-Z0-9_:]*")
Labels = tuple[tuple[str, str], ...]
REMEMBERED: Final = 8192  # series, with some megabytes at most
MOST_FAULTS: Final = 20  # told to whoever sent them
NAME = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*+)[ \t]*+(\{?)")
LABEL = re.compile(
    r'[ \t]*+(?:([a-zA-Z_][a-zA-Z0-9_]*+)[ \t]*+=[ \t]*+"((?:[^"\\]|\\[\\n"])*+)"[ \t]*+,?)?'
)
SPACE = re.compile(r"[ \t]")
CLOSED = re.compile(r"[ \t]*+\}")
VALUE = re.compile(
    r"[ \t]*+([+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?|[+-]?inf|nan)"
    r"(?:[ \t]++(-?[0-9]{1,15}))?[ \t]*+",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"^# (UNIT|KIND) ([a-zA-Z_:][a-zA-Z0-9_:]*+) (\S{1,40}+)[ \t\r]*+$", re.MULTILINE
)
ESCAPED = re.compile(r'\\([\\n"])')
TO_ESCAPE = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


class Unreadable(Exception):
    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def points(text: str, *, at: datetime, labels: dict[str, str] | None = None) -> list[Point]:
    """All of them, or `Unreadable` with the lines that are not in the format.

    A sample without a time of its own was taken `at`. `labels` are given to all, and win.
    """
    found, faults = list[Point](), list[str]()
    said = {
        (one[2], one[1]): one[3]
        for one in ABOUT.finditer(text)
        if one[1] == "UNIT" or one[3] in KINDS
    }
    more = tuple((labels or {}).items())
    for number, line in _lines(text):
        try:
            found.append(_point(line, at, more, said))
        except ValueError as fault:
            faults.append(f"line {number}: {fault}")
    if faults:
        raise Unreadable(faults[:MOST_FAULTS])
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.strip(" \t\r")
        if plain and not plain.startswith("#"):
            yield number, plain


def _point(line: str, at: datetime, more: Labels, about: Mapping[tuple[str, str], str]) -> Point:
    # Behind the labels no brace can stand, so that they end with the last one.
    end = line.rfind("}") + 1 or len(SPACE.split(line, maxsplit=1)[0])
    text = line[:end]
    name = text.partition("{")[0].rstrip(" \t")
    metric = _metric(text, more, about.get((name, "UNIT"), ""), about.get((name, "KIND"), ""))
    said = VALUE.fullmatch(line, end)
    if not said:
        raise ValueError("a value and perhaps a time in milliseconds should end it")
    return Point(metric, _moment(said[2]) if said[2] else at, float(said[1]))


@lru_cache(maxsize=REMEMBERED)
def _metric(text: str, more: Labels, unit: str, kind: str) -> Identity:
    """Who pushes each minute writes the same each minute."""
    begun = NAME.match(text)
    if not begun:
        raise ValueError("it does not begin with the name of a metric")
    labels, end = _labels(text, begun.end()) if begun[2] else ({}, begun.end())
    if end != len(text):
        raise ValueError("a value and perhaps a time in milliseconds should end it")
    return Identity(begun[1], labels | dict(more), unit=unit, kind=kind)


def _labels(line: str, start: int) -> tuple[dict[str, str], int]:
    labels = dict[str, str]()
    while not (closed := CLOSED.match(line, start)):
        label = LABEL.match(line, start)
        if not label or not label[1]:
            raise ValueError('its labels are not written as name="value", …')
        if label[1] in labels:
            raise ValueError(f"the label {label[1]} is there twice")
        labels[label[1]] = ESCAPED.sub(_meant, label[2])
        start = label.end()
    return labels, closed.end()


def _meant(escaped: re.Match[str]) -> str:
    return "\n" if escaped[1] == "n" else escaped[1]


def _moment(milliseconds: str) -> datetime:
    try:
        return EPOCH + timedelta(milliseconds=int(milliseconds))
    except OverflowError:
        raise ValueError("there is no such time") from None


def written(points: Iterable[Point]) -> str:
    """The same the other way, each with its time; what the format cannot spell is left out."""
    lines, about = list[str](), dict[str, None]()
    for metric, at, value in points:
        spelled = all(SPELLED.fullmatch(name) for name in (metric.name, *metric.labels))
        if not spelled or any(":" in name for name in metric.labels):
            continue
        if metric.unit:
            about[f"# UNIT {metric.name} {metric.unit}"] = None
        if metric.kind:
            about[f"# KIND {metric.name} {metric.kind}"] = None
        labels = ",".join(
            f'{key}="{text.translate(TO_ESCAPE)}"' for key, text in metric.labels.items()
        )
        lines.append(f"{metric.name}{{{labels}}} {value!r} {(at - EPOCH) // MILLISECOND}")
    return "".join(f"{line}\n" for line in (*about, *lines))

"""Measurements as StatsD's clients send them, and what ten seconds of them come to.

Lines are `name:value|kind`, with a sample rate (`|@0.1`), several values (`name:1:2|ms`) and tags
(`|#host:db1,fast`) as Datadog's clients write them; what else these append is passed over.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from math import isfinite
from typing import Final, Protocol

from monitoring.domain.samples import Identity, Point
from monitoring.domain.sketch import Sketch, key_of

COUNT: Final = ".count"
IDLE: Final = 360  # reports after which a metric nobody speaks of is forgotten
MOST_MEMBERS: Final = 10_000
RAREST: Final = 1e-6
PERCENTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
EVENTS: Final = (b"_e{", b"_sc|")  # Datadog's own, and no measurements

NO_LINE: Final = "not written as name:value|kind"
NO_KIND: Final = "of a kind that is none of c, g, ms, h, d and s"
NO_NUMBER: Final = "not a number"
OTHER_KIND: Final = "of another kind than the metric has"
TOO_MANY: Final = "of a new metric, and there are as many as are allowed"
TOO_MANY_MEMBERS: Final = "beyond the members that are told apart"


class Slot(Protocol):
    """What is heard of one metric between two reports."""

    def add(self, text: str, rate: float) -> None: ...

    def report(self, seconds: float) -> Iterator[tuple[str, float]]:
        """Suffixes of its name with values; afterwards it begins anew."""


class Rate:
    """A counter. Silence means that nothing happened, and is said as long as it is remembered."""

    def __init__(self) -> None:
        self.total = 0.0

    def add(self, text: str, rate: float) -> None:
        self.total += number(text) / rate

    def report(self, seconds: float) -> Iterator[tuple[str, float]]:
        yield "", self.total / seconds
        yield COUNT, self.total
        self.total = 0.0


class Gauge:
    """The last word; with a sign a change. Silence is a gap: nobody knows what it is now."""

    def __init__(self) -> None:
        self.value, self.heard = 0.0, False

    def add(self, text: str, rate: float) -> None:
        change = text[:1] in ("+", "-")
        self.value = self.value + number(text) if change else number(text)
        self.heard = True

    def report(self, seconds: float) -> Iterator[tuple[str, float]]:
        if self.heard:
            yield "", self.value
        self.heard = False


class Spread:
    """Times, or anything of which percentiles are wanted, in bounded room."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.counts, self.seen = Counter[int](), 0
        self.count = self.total = 0.0
        self.low, self.high = float("inf"), float("-inf")

    def add(self, text: str, rate: float) -> None:
        value = number(text)
        self.counts[key_of(value)] += round(1 / rate)
        self.count += 1 / rate
        self.total += value / rate
        self.low, self.high = min(self.low, value), max(self.high, value)

    def report(self, seconds: float) -> Iterator[tuple[str, float]]:
        yield COUNT, self.count
        if self.count:
            yield from {".min": self.low, ".max": self.high}.items()
            yield ".mean", self.total / self.count
            sketch = Sketch(self.counts)
            for name, share in PERCENTILES.items():
                found = sketch.quantile(share)
                yield f".{name}", min(max(found or 0.0, self.low), self.high)
        self._begin()


class Members:
    """How many different ones."""

    def __init__(self) -> None:
        self.members = set[str]()

    def add(self, text: str, rate: float) -> None:
        if len(self.members) >= MOST_MEMBERS and text not in self.members:
            raise ValueError(TOO_MANY_MEMBERS)
        self.members.add(text)

    def report(self, seconds: float) -> Iterator[tuple[str, float]]:
        yield "", float(len(self.members))
        self.members = set()


KINDS: Final[Mapping[str, Callable[[], Slot]]] = {
    "c": Rate, "g": Gauge, "ms": Spread, "h": Spread, "d": Spread, "s": Members,
}  # fmt: skip
UNITS: Final = {"c": "/s", "ms": "ms"}


def number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        raise ValueError(NO_NUMBER) from None
    if not isfinite(found) or "_" in text:
        raise ValueError(NO_NUMBER)
    return found


class Metric:
    def __init__(self, identity: Identity, kind: str) -> None:
        self.identity, self.kind = identity, kind
        self.slot, self.idle = KINDS[kind](), 0

    def points(self, at: datetime, seconds: float) -> Iterator[Point]:
        self.idle += 1
        for suffix, value in self.slot.report(seconds):
            name, unit = self.identity.name + suffix, "" if suffix == COUNT else self.identity.unit
            yield Point(Identity(name, self.identity.labels, unit=unit), at, value)


class Aggregate:
    """What was heard since the last report, in bounded room; what could not be kept is counted."""

    def __init__(self, most: int) -> None:
        self.most, self.lines, self.refused = most, 0, Counter[str]()
        self._metrics = dict[Identity, Metric]()
        self._known = dict[tuple[str, str], Metric]()  # by name and tags as they were written

    def hear(self, packet: bytes) -> None:
        for line in packet.split(b"\n"):
            if line.strip():
                self.lines += 1
                try:
                    self._line(line)
                except ValueError as fault:
                    self.refused[fault.args[0] if fault.args[0] in FAULTS else NO_LINE] += 1

    def report(self, at: datetime, seconds: float) -> list[Point]:
        found = [point for one in self._metrics.values() for point in one.points(at, seconds)]
        self._metrics = {key: one for key, one in self._metrics.items() if one.idle < IDLE}
        self._known = {key: known for key, known in self._known.items() if known.idle < IDLE}
        return found

    def _line(self, line: bytes) -> None:
        if line.startswith(EVENTS):
            return
        name, colon, rest = line.decode().strip().partition(":")
        values, *fields = rest.split("|")
        if not (name and colon and fields):
            raise ValueError(NO_LINE)
        kind, rate, tags = fields[0], 1.0, ""
        for field in fields[1:]:
            if field.startswith("@"):
                rate = number(field[1:])
            elif field.startswith("#"):
                tags = field[1:]
        if not RAREST <= rate <= 1:
            raise ValueError(NO_LINE)
        slot = self._metric(name, tags, kind).slot
        # A member of a set may be any text, also one with a colon.
        for value in [values] if kind == "s" else values.split(":"):
            slot.add(value, rate)

    def _metric(self, name: str, tags: str, kind: str) -> Metric:
        known = self._known.get((name, tags))
        if known is None:
            known = self._known[name, tags] = self._new(name, tags, kind)
        if known.kind != kind:
            raise ValueError(OTHER_KIND)
        known.idle = 0
        return known

    def _new(self, name: str, tags: str, kind: str) -> Metric:
        if kind not in KINDS:
            raise ValueError(NO_KIND)
        if len(self._known) >= self.most:
            raise ValueError(TOO_MANY)
        pairs = (tag.partition(":") for tag in tags.split(",") if tag)
        labels = {label: text if colon else "true" for label, colon, text in pairs}
        identity = Identity(name, labels, unit=UNITS.get(kind, ""))
        return self._metrics.setdefault(identity, Metric(identity, kind))


FAULTS: Final = {NO_LINE, NO_KIND, NO_NUMBER, OTHER_KIND, TOO_MANY, TOO_MANY_MEMBERS}

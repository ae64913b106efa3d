"""Values with their unit, as people say them: 1.4 GiB, 230 ms, 12.5 %, 1,280 transfers."""

import math
from dataclasses import dataclass
from typing import Final

SPACE: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
BYTES: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
TIMES: Final = (
    (86_400.0, "d"),
    (3_600.0, "h"),
    (60.0, "min"),
    (1.0, "s"),
    (1e-3, "ms"),
    (1e-6, "µs"),
)
LARGE: Final = ((1e12, 1e12, "T"), (1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))  # from, by

# What senders call their units, and how names of Prometheus end.
NAMES: Final = {
    "bytes": "bytes", "byte": "bytes", "b": "bytes", "by": "bytes", "octets": "bytes",
    "bytes/s": "bytes/s", "b/s": "bytes/s", "bytes_per_second": "bytes/s", "by/s": "bytes/s",
    "seconds": "seconds", "second": "seconds", "s": "seconds", "sec": "seconds",
    "milliseconds": "milliseconds", "ms": "milliseconds", "percent": "%", "%": "%",
    "ratio": "ratio", "1": "ratio",
}  # fmt: skip
SHORT: Final = {"seconds": "s", "milliseconds": "ms"}
ENDINGS: Final = ("bytes", "seconds", "milliseconds", "ratio", "percent", "bytes_per_second")
# A counter of seconds or bytes is one still; what follows it says how it was counted.
AFTER: Final = ("_total", "_sum", "_max", "_min", "_avg")


@dataclass(frozen=True, slots=True)
class Scaled:
    """In which size a whole axis is written, so that its numbers can be compared at a glance."""

    by: float
    word: str

    def number(self, value: float) -> str:
        return figure(value / self.by)

    def text(self, value: float) -> str:
        return f"{self.number(value)}{SPACE}{self.word}" if self.word else self.number(value)


def unit_of(name: str, unit: str) -> str:
    """The unit a metric has, told or else guessed from how its name ends."""
    if unit:
        return NAMES.get(unit.lower(), unit)
    for ending in AFTER:
        name = name.removesuffix(ending)
    ends = [ending for ending in ENDINGS if name.endswith(f"_{ending}")]
    return NAMES[max(ends, key=len)] if ends else ""


def a_second(unit: str) -> str:
    """Of what grows: seconds a second are no number of seconds."""
    return f"{SHORT.get(unit, unit)}/s"


def scaled(unit: str, largest: float) -> Scaled:
    size = abs(largest)
    if unit in {"bytes", "bytes/s"}:
        step = min(len(BYTES) - 1, int(math.log(size, 1024))) if size >= 1 else 0
        return Scaled(1024.0**step, BYTES[step] + unit.removeprefix("bytes"))
    if unit in {"seconds", "milliseconds"}:
        base = 1.0 if unit == "seconds" else 1e3
        fits = ((by, word) for by, word in TIMES if size / base >= by)
        by, word = next(fits, (1.0, "s") if not size else TIMES[-1])
        return Scaled(by * base, word)
    if unit == "ratio":
        return Scaled(0.01, "%")
    by, word = next(((by, word) for start, by, word in LARGE if size >= start), (1.0, ""))
    return Scaled(by, f"{word}{SPACE}{unit}".strip(SPACE))


def said(value: float | None, unit: str) -> str:
    """One value by itself."""
    return scaled(unit, value).text(value) if value is not None else "–"


def figure(value: float) -> str:
    """Three figures that count, thousands apart, no zeros that say nothing."""
    if not value:
        return "0"
    size = abs(value)
    if size >= 1e15 or size < 1e-4:
        text = f"{value:.2e}"
    else:
        places = max(0, 2 - math.floor(math.log10(size)))
        text = f"{value:,.{places}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS) if size < 1e15 and size >= 1e-4 else text

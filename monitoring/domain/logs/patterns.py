"""What is looked for in lines: words or an expression, how often, and for how long it is one matter."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from monitoring.domain.logs.expressions import expression, quoted, together

WORDS, REGEX = "words", "regex"
KINDS: Final = [(WORDS, WORDS), (REGEX, REGEX)]
LONGEST: Final = 500
MOST: Final = 1_000  # times that can be asked for

_WORD: Final = expression('["“”]([^"“”]+)["“”]|(\\S+)')  # phones write the curved ones


def words_of(text: str) -> list[str]:
    """Words, and "what stands in quotes" as one."""
    found = _WORD.findall(text.encode())
    return [(phrase or word).decode() for phrase, word in found]


@dataclass(frozen=True)
class Pattern:
    pk: int
    kind: str
    text: str
    exclude: str = ""  # an expression: lines it fits do not count
    severity: str = ""  # without one it is kept and nobody is told
    count: int = 1
    within: float = 300.0  # seconds
    cooldown: float = 900.0
    source: int | None = None  # of all when none is named

    @property
    def first(self) -> bytes:
        """What the set looks for; of several words the longest, which is the rarest."""
        if self.kind == REGEX:
            return self.text.encode()
        return b"(?i)" + quoted(max(words_of(self.text), key=len))

    @cached_property
    def _others(self) -> list[bytes]:
        return [] if self.kind == REGEX else [word.lower().encode() for word in words_of(self.text)]

    @cached_property
    def _excluded(self) -> Any:
        return expression(self.exclude) if self.exclude else None

    def holds(self, line: bytes) -> bool:
        """Of a line in which the first was found: does all of it fit?"""
        if len(self._others) > 1:
            lower = line.lower()
            if not all(word in lower for word in self._others):
                return False
        return not (self._excluded and self._excluded.search(line))


def fault_of(kind: str, text: str) -> str:
    """What is wrong with it, or nothing."""
    if not text.strip() or len(text) > LONGEST:
        return f"Write 1 to {LONGEST} letters."
    if kind == WORDS:
        return ""
    try:
        compiled = expression(text)
    except ValueError as fault:
        return str(fault)
    return "It fits every line." if compiled.search(b"") else ""


class Patterns:
    """All patterns of a source, looked for in one pass over the line."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.all = list(patterns)
        self._set = together(pattern.first for pattern in patterns) if patterns else None

    def __call__(self, line: bytes) -> list[Pattern]:
        if self._set is None:
            return []
        found = self._set.Match(line)
        return (
            [one for one in (self.all[number] for number in found) if one.holds(line)]
            if found
            else []
        )


@dataclass
class Rate:
    """Whether there were so many within so long; remembers no more than it needs to say so."""

    count: int
    within: float
    _at: "deque[float]" = field(init=False)

    def __post_init__(self) -> None:
        self._at = deque(maxlen=self.count)

    def reached(self, at: float) -> bool:
        self._at.append(at)
        return len(self._at) == self.count and max(self._at) - min(self._at) <= self.within


@dataclass(frozen=True)
class Tried:
    lines: list[tuple[str, bool]]
    matched: int

    @property
    def of(self) -> int:
        return len(self.lines)

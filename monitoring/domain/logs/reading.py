"""One log being read: what is looked for, how it is counted, and what is to be written of it.

All it holds is bounded by its patterns and templates, however many lines pass: what could not be
written yet is counted on, so that a database may be away for hours.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from monitoring.domain.logs.drain import Miner, Template
from monitoring.domain.logs.levels import Level, level_of
from monitoring.domain.logs.lines import Entry
from monitoring.domain.logs.masking import shown
from monitoring.domain.logs.patterns import Pattern, Patterns, Rate
from monitoring.domain.logs.stamps import said

BEFORE: Final = 5
AFTER: Final = 5
RIPENS: Final = 2.0  # seconds for what follows to come, before anybody is told
KEPT: Final = 2_000  # bytes of an entry that are kept as evidence


@dataclass(frozen=True)
class Position:
    """How far a file was read, by what it is and by a mark of the bytes before."""

    path: str
    device: int
    inode: int
    position: int
    mark: str


@dataclass
class Episode:
    """Matches of one pattern in one log that are one matter, until it was quiet for its cool-down."""

    pattern: Pattern
    opened_at: float
    last_at: float
    count: int
    line: str
    level: Level = Level.UNKNOWN
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    last: bytes = b""  # masked only when it is written: there may be many before
    pk: int | None = None  # of its row
    over_at: float | None = None
    is_news: bool = True  # there is something that its row does not say

    @property
    def last_line(self) -> str:
        return shown(self.last[:KEPT])

    def ripens(self, at: float) -> bool:
        """The lines that follow are part of what people are told, and told once."""
        waits = len(self.after) < AFTER and at - self.opened_at < RIPENS
        return waits and self.over_at is None


@dataclass
class Surroundings:
    """What stood before, and who waits for what comes after, in one file or connection."""

    recent: "deque[bytes]" = field(default_factory=lambda: deque(maxlen=BEFORE + 1))
    waiting: list[Episode] = field(default_factory=list)

    def pass_by(self, text: bytes) -> None:
        if self.waiting:
            line = shown(text[:KEPT])
            for episode in self.waiting:
                episode.after.append(line)
                episode.is_news = True
            self.waiting = [one for one in self.waiting if len(one.after) < AFTER]
        self.recent.append(text)


class Reading:
    def __init__(self, patterns: Patterns, miner: Miner | None = None) -> None:
        self.patterns, self.miner = patterns, miner or Miner()
        self.lines = self.errors = 0
        self.last_at: float | None = None
        self.episodes: dict[int, Episode] = {}
        self.mined: dict[int, Mined] = {}
        self._rates: dict[int, Rate] = {}

    def take(
        self, entry: Entry, around: Surroundings, *, at: float, level: Level | None = None
    ) -> None:
        text = entry.text
        self.lines += entry.lines
        self.last_at = at
        if level is None:
            level = level_of(text)
        found = self.patterns(text)
        around.pass_by(text)
        for pattern in found:
            self._note(pattern, text, around, at=at, level=level)
        if level >= Level.ERROR:
            self.errors += 1
            self._mine(text, level, at)

    def adopt(self, patterns: Patterns, *, at: float) -> None:
        """Others to look for from now on; what is not looked for any more is over."""
        self.patterns = patterns
        known = {pattern.pk: pattern for pattern in patterns.all}
        for pk, episode in self.episodes.items():
            if pk in known:
                episode.pattern = known[pk]
            else:
                episode.over_at, episode.is_news = at, True
        self._rates = {pk: rate for pk, rate in self._rates.items() if pk in known}

    def settle(self, *, at: float) -> None:
        """What was quiet for its cool-down is over."""
        for episode in self.episodes.values():
            if episode.over_at is None and at - episode.last_at >= episode.pattern.cooldown:
                episode.over_at, episode.is_news = at, True

    def written(self, *, at: float) -> None:
        """The rows say all of it now."""
        for episode in self.episodes.values():
            episode.is_news = episode.ripens(at)
        self.episodes = {pk: one for pk, one in self.episodes.items() if one.over_at is None}
        self.mined.clear()

    def _note(
        self, pattern: Pattern, text: bytes, around: Surroundings, *, at: float, level: Level
    ) -> None:
        episode = self.episodes.get(pattern.pk)
        if episode is not None and episode.over_at is None:
            episode.count += 1
            episode.last_at, episode.is_news = at, True
            episode.last = text
            return
        if pattern.count > 1 and not self._rate(pattern).reached(said(text, read=at)):
            return
        before = [shown(one[:KEPT]) for one in list(around.recent)[:-1]]
        opened = Episode(pattern, at, at, pattern.count, shown(text[:KEPT]), level, before)
        self._rates.pop(pattern.pk, None)
        self.episodes[pattern.pk] = opened
        around.waiting.append(opened)

    def _rate(self, pattern: Pattern) -> Rate:
        rate = self._rates.get(pattern.pk)
        if rate is None or (rate.count, rate.within) != (pattern.count, pattern.within):
            rate = self._rates[pattern.pk] = Rate(pattern.count, pattern.within)
        return rate

    def _mine(self, text: bytes, level: Level, at: float) -> None:
        template = self.miner(text)
        mined = self.mined.get(id(template))
        if mined is None:
            self.mined[id(template)] = mined = Mined(template, level, shown(text[:KEPT]), at)
        mined.count += 1
        mined.last_at = at


@dataclass
class Mined:
    """What was seen of a template since it was last written."""

    template: Template
    level: Level
    example: str
    first_at: float
    last_at: float = 0.0
    count: int = 0

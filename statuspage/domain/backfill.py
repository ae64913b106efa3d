"""A past that customers were not told of: what makes it one story, and what follows from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations
from zoneinfo import ZoneInfo

from statuspage.domain.phases import OVER, Kind, Phase, sayable
from statuspage.domain.states import Impact, State, impact_of, worst


@dataclass(frozen=True)
class Spell:
    """From when until when a component was in a state."""

    component: str
    state: State
    began_at: datetime
    ended_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.began_at <= at < self.ended_at


@dataclass(frozen=True)
class Word:
    at: datetime
    phase: Phase
    body_ko: str = ""
    body_en: str = ""


class Fault(StrEnum):
    UNTITLED = "untitled"
    SILENT = "silent"  # no word at all
    EMPTY = "empty"  # a word that says nothing
    AHEAD = "ahead"  # of now
    BACKWARDS = "backwards"
    UNKNOWN = "unknown"  # before the component's first day
    TWICE = "twice"  # two states of one component at a time
    DISORDER = "disorder"  # a phase that cannot follow the one before
    UNENDED = "unended"
    OUTLASTS = "outlasts"  # a state that goes on when all is said to be over


@dataclass(frozen=True)
class Found:
    """What is wrong, and in which spell or word; in neither: with the whole."""

    fault: Fault
    spell: int | None = None
    word: int | None = None


def in_order(words: Sequence[Word]) -> list[Word]:
    """By time; of the same time as they were typed."""
    return sorted(words, key=lambda one: one.at)


def ended_at(words: Sequence[Word]) -> datetime | None:
    """Since when it is over for good; a review afterwards changes nothing of that."""
    found: datetime | None = None
    for one in in_order(words):
        found = (found or one.at) if one.phase in OVER else None
    return found


def faults_of_words(words: Sequence[Word], *, now: datetime) -> Iterator[Found]:
    if not words:
        yield Found(Fault.SILENT)
        return
    last: Phase | None = None
    for place, one in sorted(enumerate(words), key=lambda pair: pair[1].at):
        if not (one.body_ko.strip() or one.body_en.strip()):
            yield Found(Fault.EMPTY, word=place)
        if one.at > now:
            yield Found(Fault.AHEAD, word=place)
        if one.phase not in sayable(last, Kind.INCIDENT):
            yield Found(Fault.DISORDER, word=place)
        last = one.phase
    if ended_at(words) is None:
        yield Found(Fault.UNENDED)


def faults_of_spells(
    spells: Sequence[Spell], since: Mapping[str, date], *, end: datetime | None, zone: str, now: datetime
) -> Iterator[Found]:  # fmt: skip
    """`since`: each component's first day. `end`: when all was well again."""
    for place, one in enumerate(spells):
        if one.ended_at <= one.began_at:
            yield Found(Fault.BACKWARDS, spell=place)
        if one.ended_at > now:
            yield Found(Fault.AHEAD, spell=place)
        elif end and one.ended_at > end:
            yield Found(Fault.OUTLASTS, spell=place)
        if one.began_at.astimezone(ZoneInfo(zone)).date() < since[one.component]:
            yield Found(Fault.UNKNOWN, spell=place)
    for (_place, one), (place, other) in combinations(enumerate(spells), 2):
        if one.component == other.component and _meet(one, other):
            yield Found(Fault.TWICE, spell=place)


def _meet(one: Spell, other: Spell) -> bool:
    return one.began_at < other.ended_at and other.began_at < one.ended_at


def state_at(spells: Sequence[Spell], component: str, at: datetime) -> State:
    return worst(one.state for one in spells if one.component == component and one.holds(at))


def gravest_of(spells: Sequence[Spell]) -> Impact:
    return impact_of(one.state for one in spells)

"""What a printed postmortem shows, as plain values. Empty means unknown: it is asked for, never invented."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

PhaseKind = Literal["detect", "acknowledge", "mitigate", "resolve"]
ActionKind = Literal["IMMEDIATE", "SHORT_TERM", "LONG_TERM"]
Priority = Literal["HIGH", "MEDIUM", "LOW"]

BEACONS = 5
LIT = {"P0": 5, "P1": 4, "P2": 3, "P3": 2}  # fires of the five that burn for a severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One of the cover's figures; without parts it is unknown, and the note is the open question."""

    label: str
    parts: tuple[tuple[str, str], ...] = ()  # ("1", "시간"), ("5", "분")
    note: str = ""
    good: bool | None = None  # within its target; None where there is no target


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    kind: PhaseKind
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    at: datetime
    text: str
    actor: str = ""
    kind: str = ""  # one short word in the report's language
    phase_change: bool = False
    important: bool = False  # earns a number on the drawn scale when there is no room for all


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A measure drawn over the phases, on the same time scale."""

    label: str
    points: tuple[tuple[datetime, float], ...]
    unit: str = ""
    limits: tuple[tuple[str, float], ...] = ()  # ("긴급", 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    label: str
    value: str = ""
    note: str = ""
    good: bool | None = None  # within its target; None where there is no target


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One answer; those that led to it follow it, one deeper."""

    question: str = ""
    answer: str = ""
    evidence: str = ""
    sources: tuple[tuple[str, str], ...] = ()  # what it says in parts, each with its address
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    kind: ActionKind
    text: str
    owner: str
    due: date
    priority: Priority
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    number: int
    title: str
    language: str
    timezone: str
    company: str
    severity: str
    severity_name: str
    began: datetime
    written: datetime  # when this version was made: the PDF's date, and day 0 of the action items
    version: int
    version_hash: str
    services: tuple[str, ...] = ()
    summary: str = ""
    figures: tuple[Figure, ...] = ()
    curves: tuple[Curve, ...] = ()
    phases: tuple[Phase, ...] = ()
    entries: tuple[Entry, ...] = ()
    impact: tuple[Impact, ...] = ()
    response: tuple[Impact, ...] = ()  # without a value: not known, and nobody is asked
    whys: tuple[Why, ...] = ()
    contributing_factors: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()
    went_well: tuple[str, ...] = ()
    went_badly: tuple[str, ...] = ()
    got_lucky: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    commander: str = ""
    author: str = ""
    approved: str = ""
    drill: bool = False
    url: str = ""  # of the incident's room

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def fires(self) -> tuple[bool, ...]:
        return tuple(place < LIT.get(self.severity, 1) for place in range(BEACONS))

    @property
    def days(self) -> int:
        """Local calendar days the timeline touches; more than one needs dates beside the times."""
        return len({entry.at.astimezone(self.zone).date() for entry in self.entries})

    @property
    def open_questions(self) -> int:
        """How much a person still has to fill in."""
        blanks = [
            *(figure.parts for figure in self.figures),
            *(impact.value for impact in self.impact),
            *([why.answer for why in self.whys] or [""]),
            *(self.summary, self.contributing_factors, self.lessons, self.actions),
        ]
        return sum(not blank for blank in blanks)

    def phase_of(self, entry: Entry) -> PhaseKind | None:
        """The phase an entry falls in; a moment between two belongs to the one it opens."""
        begun = [phase for phase in self.phases if phase.start <= entry.at]
        return begun[-1].kind if begun and entry.at <= self.phases[-1].end else None

"""What will happen to an incident: the calls, the climbs and the missed target, whoever answers or not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from core.severity import Severity
from incidents.domain import clocks
from incidents.domain.clocks import Targets
from incidents.domain.escalation import Plan


class Turn(StrEnum):
    OPENED = "opened"
    NEXT_STEP = "next_step"
    ESCALATED = "escalated"
    UNRESOLVED = "unresolved"
    ANSWERED = "answered"  # and more people must
    ACKNOWLEDGED = "acknowledged"
    LAPSED = "lapsed"  # acknowledged, then forgotten
    CHANGED = "changed"  # the severity, by a person
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


class Did(StrEnum):
    ANSWER = "answer"
    NOTE = "note"  # anything that shows somebody is at work
    CHANGE = "change"  # the severity
    MITIGATE = "mitigate"
    RESOLVE = "resolve"


class Deed(NamedTuple):
    """What a person does, supposing they do."""

    at: datetime
    did: Did
    person: int = 0
    severity: str = ""


class Moment(NamedTuple):
    at: datetime
    turn: Turn
    severity: str
    old: str  # the severity before it was sent up or changed
    place: int  # of the call in the severity's plan
    person: int = 0  # who answered, or whose answer lapsed
    answered: tuple[int, ...] = ()  # who is left in peace from now on, in this order
    triggered: bool = True
    again: bool = False  # whoever was called before is called again


@dataclass(frozen=True)
class Rules:
    """What one severity says."""

    targets: Targets
    plan: Plan


def foresee(
    rules: Mapping[str, Rules],
    severity: str,
    *,
    at: datetime,
    until: datetime,
    deeds: Sequence[Deed] = (),
) -> Iterator[Moment]:
    """In order, and without end but for `until`: the gravest calls again and again.

    When a call and the end of the time to respond fall together, it is sent up; a person who does
    something at that very moment was faster than both.
    """
    course, coming = _Course(rules, severity, at), sorted(deeds)
    yield course.moment(Turn.OPENED, severity, again=True)
    while True:
        at, _order, turn = course.next()
        if coming and coming[0].at <= at:
            at = coming[0].at
        if at > until:
            return
        if coming and coming[0].at == at:
            yield from course.do(coming.pop(0))
        else:
            yield from course.pass_(turn, at)


@dataclass
class _Course:
    """An incident, as far as its clocks and calls go."""

    rules: Mapping[str, Rules]
    severity: str
    opened: datetime
    place: int = 0
    marked: bool = False
    answered: list[int] = field(default_factory=list)
    first: int = 0  # who acknowledged it; 0: it is triggered
    lapses_at: datetime | None = None
    mitigated: bool = False
    over: bool = False

    @property
    def plan(self) -> Plan:
        return self.rules[self.severity].plan

    def __post_init__(self) -> None:
        self.now = self.last_deed = self.opened
        self._ask_anew()

    def _ask_anew(self) -> None:
        """Clock and calls of the severity begin now."""
        self.place, self.called_at = 0, self.now
        targets = self.rules[self.severity].targets
        self.respond_by = clocks.respond_by(targets, response_since=self.now)

    def moment(self, turn: Turn, old: str, person: int = 0, *, again: bool = False) -> Moment:
        return Moment(
            self.now, turn, self.severity, old, self.place, person, tuple(self.answered),
            not self.first, again,
        )  # fmt: skip

    def next(self) -> tuple[datetime, int, Turn]:
        """What comes by itself; nothing ever may, once somebody has acknowledged it for good."""
        turns = [(datetime.max.replace(tzinfo=self.now.tzinfo), 3, Turn.UNRESOLVED)]
        if self.over:
            return turns[0]
        if self.first:
            turns += [(self.lapses_at, 0, Turn.LAPSED)] if self.lapses_at else []
        else:
            call = self.plan.next_at(self.place, called_at=self.called_at)
            turns += [(self.respond_by, 0, Turn.ESCALATED)]
            turns += [(call, 1, Turn.NEXT_STEP)] if call else []
        if not self.marked:
            targets = self.rules[self.severity].targets
            # A severity with a shorter target may find it missed already: then it is missed now.
            missed = max(clocks.resolve_by(targets, clock_since=self.opened), self.now)
            turns += [(missed, 2, Turn.UNRESOLVED)]
        return min(turns)

    def pass_(self, turn: Turn, at: datetime) -> list[Moment]:
        self.now, old = at, self.severity
        if turn == Turn.LAPSED:
            return self._lapse()
        if turn == Turn.ESCALATED:
            self.severity = Severity(old).one_up.value
            self._ask_anew()
        elif turn == Turn.NEXT_STEP:
            self.place, self.called_at = self.place + 1, at
        else:
            self.marked = True
        return [self.moment(turn, old, again=turn != Turn.UNRESOLVED)]

    def _lapse(self) -> list[Moment]:
        """Unless somebody has done something since."""
        lasts = self.plan.lasts
        if lasts and self.last_deed + lasts > self.now:
            self.lapses_at = self.last_deed + lasts
            return []
        silent, self.first, self.lapses_at = self.first, 0, None
        self.answered.clear()
        self._ask_anew()
        return [self.moment(Turn.LAPSED, self.severity, silent, again=True)]

    def do(self, deed: Deed) -> list[Moment]:
        """What follows at once; of most deeds nothing."""
        self.now = deed.at
        if self.over:
            return []
        if deed.did in {Did.MITIGATE, Did.RESOLVE}:
            return self._end(deed)
        if deed.did == Did.ANSWER:
            return self._answer(deed.person)
        if deed.did == Did.CHANGE:
            return self._change(deed.severity)
        self.last_deed = deed.at
        return []

    def _answer(self, person: int) -> list[Moment]:
        needed, known = self.plan.answers, person in self.answered
        if needed > 1 and not known and not self.first:
            self.answered.append(person)
        lacking = needed > 1 and len(self.answered) < needed
        if self.first or (known and lacking):
            return []
        self.last_deed = self.now
        if lacking:
            return [self.moment(Turn.ANSWERED, self.severity, person)]
        return [self._acknowledge(person)]

    def _acknowledge(self, person: int) -> Moment:
        self.first = person
        self._holds()
        return self.moment(Turn.ACKNOWLEDGED, self.severity, person)

    def _holds(self) -> None:
        """An acknowledgement, for as long as the plan says from now on."""
        self.lapses_at = self.now + self.plan.lasts if self.plan.lasts else None

    def _end(self, deed: Deed) -> list[Moment]:
        """Whoever ends it without having acknowledged it answers by that. Its calls are over for good."""
        if self.mitigated and deed.did == Did.MITIGATE:
            return []
        self.first, self.lapses_at = self.first or deed.person, None
        self.mitigated, self.over = True, deed.did == Did.RESOLVE
        turn = Turn.RESOLVED if self.over else Turn.MITIGATED
        return [self.moment(turn, self.severity, deed.person)]

    def _change(self, severity: str) -> list[Moment]:
        """Those who answered are counted by the new policy: they may be enough by it, or too few."""
        if severity == self.severity:
            return []
        old, self.severity, self.last_deed = self.severity, severity, self.now
        if not self.first:
            self._ask_anew()
            enough = self.answered and len(self.answered) >= self.plan.answers
            counted = [self._acknowledge(self.answered[-1])] if enough else []
            return [*counted, self.moment(Turn.CHANGED, old)]
        if self.mitigated:  # answers are not counted again
            self.place = 0
            return [self.moment(Turn.CHANGED, old)]
        if self.plan.answers > 1 and self.first not in self.answered:
            self.answered.append(self.first)
        if lacking := self.plan.answers > 1 and len(self.answered) < self.plan.answers:
            self.first, self.lapses_at = 0, None
            self._ask_anew()
        else:
            self._holds()
        return [self.moment(Turn.CHANGED, old, again=lacking)]

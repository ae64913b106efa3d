"""Why a page might reach nobody: plain records of who would be called in, holes out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from core.severity import Severity
from incidents.domain.escalation import Plan

AHEAD: Final = timedelta(days=14)  # as far as anybody's turn is looked at


class Kind(StrEnum):
    NOBODY = "nobody"  # the first call of a severity reaches nobody
    EMPTY_STEP = "empty_step"
    NEVER_REACHED = "never_reached"  # the time to respond is over before this step
    NOBODY_NEW = "nobody_new"  # a step calls only people who were called before
    NO_WAY = "no_way"  # none of the severity's channels reaches this person
    UNPROVED = "unproved"  # nothing ever arrived by any way of this person
    UNPROVED_PHONE = "unproved_phone"  # a number that is called or texted was never verified
    LOST_RULE = "lost_rule"  # a rule of theirs names a way they do not have
    MAY_NOT = "may_not"  # is called and may not answer
    TOO_FEW = "too_few"  # fewer people are called than must answer
    GAP = "gap"
    LEFT = "left"  # somebody who has left is still in turn
    TWICE = "twice"  # on call in two rotations at once
    NO_CONTACT = "no_contact"  # nobody to send it up to
    OWN_CONTACT = "own_contact"  # who is sent up to was called already
    UNOWNED = "unowned"
    ROUTE = "route"  # its team reaches nobody
    UNUSED = "unused"  # no severity goes by this policy


PHONES: Final = frozenset({"voice", "sms"})
GRAVE = {Kind.ROUTE, Kind.NOBODY, Kind.TOO_FEW, Kind.GAP, Kind.NO_WAY}

Span = tuple[datetime, datetime]


class Called(NamedTuple):
    """Somebody a step calls."""

    person: int
    channels: frozenset[str]
    may_answer: bool
    proved: frozenset[str]  # of the channels, those by which a code arrived
    wished: frozenset[str] = frozenset()  # the channels of their own rules


class Hole(NamedTuple):
    kind: Kind
    severity: str = ""
    step: int = 0  # counted from 1
    subject: int = 0  # of a person, team, rotation, service or unused policy
    policy: int = 0  # 0: the severity has none; without a severity: none goes by it
    begins: datetime | None = None
    spans: tuple[Span, ...] = ()
    rotations: tuple[int, ...] = ()

    @property
    def unused(self) -> bool:
        return bool(self.policy and not self.severity)

    @property
    def grave(self) -> bool:
        if self.unused:
            return False
        unproved = self.kind == Kind.UNPROVED and bool(self.severity)
        return self.kind in GRAVE or (unproved and Severity(self.severity).grave)


class Ladder(NamedTuple):
    """A plan to look at: a severity's, or that of a policy no severity goes by."""

    plan: Plan
    channels: Iterable[str]
    respond_within: timedelta
    severity: str = ""
    policy: int = 0


def holes(ladder: Ladder, steps: Sequence[Sequence[Called]]) -> Iterator[Hole]:
    """What is wrong with these calls, step by step."""
    begins, before, wanted = timedelta(0), set[int](), frozenset(ladder.channels)
    unknown = False  # whoever a severity's team will be is not known without a severity
    for place, called in enumerate(steps):
        hole = Hole(Kind.NEVER_REACHED, ladder.severity, place + 1, policy=ladder.policy)
        people = {one.person for one in called if one.channels}
        unknown |= not ladder.severity and ladder.plan.step(place).severity_team
        if place and begins >= ladder.respond_within:
            yield hole
        elif not unknown and not people:
            yield hole._replace(kind=Kind.EMPTY_STEP if place else Kind.NOBODY)
        elif not unknown and place and people <= before:
            yield hole._replace(kind=Kind.NOBODY_NEW)
        yield from _of_people(hole._replace(step=0), called, wanted)
        before |= people
        begins += ladder.plan.step(place).wait
    if not unknown and before and len(before) < ladder.plan.answers:
        yield Hole(Kind.TOO_FEW, ladder.severity, policy=ladder.policy)


def _of_people(hole: Hole, called: Iterable[Called], wanted: frozenset[str]) -> Iterator[Hole]:
    for one in called:
        found = hole._replace(subject=one.person)
        if not one.channels & wanted:
            yield found._replace(kind=Kind.NO_WAY)
        elif not one.proved:
            yield found._replace(kind=Kind.UNPROVED)
        elif one.channels & wanted & PHONES - one.proved:
            yield found._replace(kind=Kind.UNPROVED_PHONE)
        if one.wished - one.channels:
            yield found._replace(kind=Kind.LOST_RULE)
        if not one.may_answer:
            yield found._replace(kind=Kind.MAY_NOT)


def once(found: Iterable[tuple[datetime, Hole]]) -> list[Hole]:
    """The gravest first, and each only as it begins; one of a person with its gravest severity."""
    kept: dict[tuple[object, ...], Hole] = {}
    dated = [hole._replace(begins=at) for at, hole in found]
    for hole in sorted(dated, key=_order):
        severity = "" if hole.subject else hole.severity
        policy = 0 if hole.subject else hole.policy
        key = (hole.kind, hole.step, hole.subject, hole.rotations, severity, policy)
        kept.setdefault(key, hole)
    return list(kept.values())


def _order(hole: Hole) -> tuple[object, ...]:
    gravity = not hole.grave, hole.unused
    return (*gravity, hole.begins, hole.severity or "P9", hole.kind, hole.step, hole.subject)


def twice(
    mine: Sequence[tuple[int, Span]], theirs: Sequence[tuple[int, Span]]
) -> dict[int, list[Span]]:
    """When the same person has a turn in both; two that touch are one."""
    found: dict[int, list[Span]] = {}
    for person, (start, end) in mine:
        for other, (begin, until) in theirs:
            both = max(start, begin), min(end, until)
            if person == other and both[0] < both[1]:
                _join(found.setdefault(person, []), both)
    return found


def _join(spans: list[Span], span: Span) -> None:
    if spans and spans[-1][1] == span[0]:
        spans[-1] = spans[-1][0], span[1]
    else:
        spans.append(span)

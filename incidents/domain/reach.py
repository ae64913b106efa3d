"""Why a page might reach nobody: plain records of who would be called in, holes out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from core.severity import Severity
from incidents.domain.escalation import Plan


class Kind(StrEnum):
    NOBODY = "nobody"  # the first call of a severity reaches nobody
    EMPTY_STEP = "empty_step"
    NEVER_REACHED = "never_reached"  # the time to respond is over before this step
    NOBODY_NEW = "nobody_new"  # a step calls only people who were called before
    NO_WAY = "no_way"  # none of the severity's channels reaches this person
    UNPROVED = "unproved"  # nothing ever arrived by any way of this person
    LOST_RULE = "lost_rule"  # a rule of theirs names a way they do not have
    MAY_NOT = "may_not"  # is called and may not answer
    TOO_FEW = "too_few"  # fewer people are called than must answer
    GAP = "gap"
    LEFT = "left"  # somebody who has left is still in turn
    NO_CONTACT = "no_contact"  # nobody to send it up to
    OWN_CONTACT = "own_contact"  # who is sent up to was called already
    UNOWNED = "unowned"


GRAVE = {Kind.NOBODY, Kind.TOO_FEW, Kind.GAP, Kind.NO_WAY}


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
    subject: int = 0  # of a person, team, rotation or service

    @property
    def grave(self) -> bool:
        return self.kind in GRAVE or (self.kind == Kind.UNPROVED and Severity(self.severity).grave)


def holes(
    severity: str,
    plan: Plan,
    steps: Sequence[Sequence[Called]],
    *,
    channels: Iterable[str],
    respond_within: timedelta,
) -> Iterator[Hole]:
    """What is wrong with one severity's calls, step by step."""
    begins, before, wanted = timedelta(0), set[int](), frozenset(channels)
    for place, called in enumerate(steps):
        people = {one.person for one in called if one.channels}
        if place and begins >= respond_within:
            yield Hole(Kind.NEVER_REACHED, severity, place + 1)
        elif not people:
            yield Hole(Kind.EMPTY_STEP if place else Kind.NOBODY, severity, place + 1)
        elif place and people <= before:
            yield Hole(Kind.NOBODY_NEW, severity, place + 1)
        yield from _of_people(severity, called, wanted)
        before |= people
        begins += plan.step(place).wait
    if before and len(before) < plan.answers:
        yield Hole(Kind.TOO_FEW, severity)


def _of_people(severity: str, called: Iterable[Called], wanted: frozenset[str]) -> Iterator[Hole]:
    for one in called:
        if not one.channels & wanted:
            yield Hole(Kind.NO_WAY, severity, subject=one.person)
        elif not one.proved:
            yield Hole(Kind.UNPROVED, severity, subject=one.person)
        if one.wished - one.channels:
            yield Hole(Kind.LOST_RULE, severity, subject=one.person)
        if not one.may_answer:
            yield Hole(Kind.MAY_NOT, severity, subject=one.person)

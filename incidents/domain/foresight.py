"""What will happen to an incident that nobody answers: the calls, the climbs and the missed target."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


class Moment(NamedTuple):
    at: datetime
    turn: Turn
    severity: str
    old: str  # the severity before it was sent up
    place: int  # of the call in the severity's plan


@dataclass(frozen=True)
class Rules:
    """What one severity says."""

    targets: Targets
    plan: Plan


def foresee(
    rules: Mapping[str, Rules], severity: str, *, at: datetime, until: datetime
) -> Iterator[Moment]:
    """In order, and without end but for `until`: the gravest calls again and again.

    When a call and the end of the time to respond fall together, it is sent up.
    """
    opened, place, marked, called_at = at, 0, False, at
    respond_by = clocks.respond_by(rules[severity].targets, response_since=at)
    yield Moment(at, Turn.OPENED, severity, severity, place)
    while True:
        call = rules[severity].plan.next_at(place, called_at=called_at)
        missed = clocks.resolve_by(rules[severity].targets, clock_since=opened)
        turns = [(respond_by, 0, Turn.ESCALATED)]
        turns += [(call, 1, Turn.NEXT_STEP)] if call else []
        # A severity with a shorter target may find it missed already: then it is missed now.
        turns += [] if marked else [(max(missed, at), 2, Turn.UNRESOLVED)]
        at, _order, turn = min(turns)
        if at > until:
            return
        old = severity
        if turn == Turn.ESCALATED:
            severity, place, called_at = Severity(severity).one_up.value, 0, at
            respond_by = clocks.respond_by(rules[severity].targets, response_since=at)
        elif turn == Turn.NEXT_STEP:
            place, called_at = place + 1, at
        else:
            marked = True
        yield Moment(at, turn, severity, old, place)

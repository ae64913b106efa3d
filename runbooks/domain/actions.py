"""Guarded actions: what may hurt is an intent first, and is decided here whether it may go on.

Proposed → approved → executing → confirmed, failed or lost; unknown, when whoever executed it died or was not
answered, until a look at the world says which. Amounts are int sun; an action without an amount has 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from core.told import Told

DAY: Final = timedelta(hours=24)
ALONE, TOGETHER = 1, 2  # people who have to approve
Words = str | Told | Exception


class State(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    EXECUTING = "executing"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    LOST = "lost"  # paid, and nothing came of it
    UNKNOWN = "unknown"
    REFUSED = "refused"  # by a person
    EXPIRED = "expired"  # nobody decided in time, or it was not executed in time
    SHADOWED = "shadowed"  # decided and written down, and on purpose not done


NEXT: Final[Mapping[State, frozenset[State]]] = {
    State.PROPOSED: frozenset({State.APPROVED, State.REFUSED, State.EXPIRED}),
    # Proposed again, when whoever approved it is the one who asks for it now.
    State.APPROVED: frozenset(
        {State.EXECUTING, State.REFUSED, State.EXPIRED, State.SHADOWED, State.PROPOSED}
    ),
    State.EXECUTING: frozenset({State.CONFIRMED, State.FAILED, State.LOST, State.UNKNOWN}),
    State.UNKNOWN: frozenset({State.CONFIRMED, State.FAILED, State.LOST}),
    State.CONFIRMED: frozenset(),
    State.LOST: frozenset(),
    State.FAILED: frozenset(),
    State.REFUSED: frozenset(),
    State.EXPIRED: frozenset(),
    State.SHADOWED: frozenset(),
}
# Nobody can say yet that it is not spent, however long ago it began.
OPEN: Final = frozenset({State.EXECUTING, State.UNKNOWN})
PAID: Final = frozenset({State.CONFIRMED, State.LOST})  # its amount is spent
WAITING: Final = frozenset({State.PROPOSED, State.APPROVED})  # nothing of it has been done


SOON, LATER = timedelta(seconds=5), timedelta(minutes=1)
FRESH: Final = timedelta(minutes=5)


def next_look(began_at: datetime, *, now: datetime) -> datetime:
    """When to look again at what became of one that is unknown."""
    return now + (SOON if now < began_at + FRESH else LATER)


class Mode(StrEnum):
    """Of a kind of action. In shadow all is decided as if, written down, and not done."""

    OFF = "off"
    SHADOW = "shadow"
    ON = "on"


class Verdict(StrEnum):
    """It may be executed now: so do it, or only write down that it would have been."""

    GO = "go"
    SHADOW = "shadow"


class Why(StrEnum):
    """Why it may not be executed now."""

    HALTED = "halted"  # by the kill switch, which stops every kind
    SWITCHED_OFF = "switched_off"
    EXPIRED = "expired"
    TOO_MUCH = "too_much"
    DAY_SPENT = "day_spent"
    ALL_SPENT = "all_spent"
    COOLING = "cooling"
    APPROVAL = "approval"  # of more people than approved it: the limits are stricter now


@dataclass(frozen=True)
class Caps:
    """In sun: of one action, of any 24 hours, of all time."""

    action: int
    day: int
    lifetime: int

    def left(self, spent: "Spent") -> int:
        return max(0, min(self.action, self.day - spent.day, self.lifetime - spent.lifetime))


@dataclass(frozen=True)
class Spent:
    """What was spent, and what may still be spent by those that are not over."""

    day: int = 0
    lifetime: int = 0

    def plus(self, sun: int) -> "Spent":
        return Spent(self.day + sun, self.lifetime + sun)


@dataclass(frozen=True)
class Limits:
    """Of a kind of action."""

    caps: Caps | None = None  # None: it costs nothing
    cooldown: timedelta = timedelta(0)  # from the begin of one to that of the next
    approval_above_sun: int | None = None  # one person has to approve; None: never
    second_above_sun: int | None = None  # two different people
    valid_for: timedelta = timedelta(hours=1)  # from the proposal: an old decision is none
    begins_in: Mode = Mode.SHADOW  # until somebody sets its mode


@dataclass(frozen=True)
class Past:
    """Another action of the same kind that was begun."""

    state: State
    sun: int
    began_at: datetime


@dataclass(frozen=True)
class Outcome:
    """Of an execution, or of a look at what became of one."""

    state: State  # confirmed, failed, lost or unknown
    text: Words = ""  # what a person should know, put into words as it is kept
    sun: int | None = None  # really spent; None: as proposed
    facts: Mapping[str, Any] = field(default_factory=dict)  # for whoever proposed it

    @classmethod
    def confirmed(cls, text: Words = "", *, sun: int | None = None, **facts: Any) -> Self:
        return cls(State.CONFIRMED, text, sun, facts)

    @classmethod
    def failed(cls, text: Words, **facts: Any) -> Self:
        return cls(State.FAILED, text, facts=facts)

    @classmethod
    def lost(cls, text: Words, *, sun: int, **facts: Any) -> Self:
        return cls(State.LOST, text, sun, facts)

    @classmethod
    def unknown(cls, text: Words, **facts: Any) -> Self:
        return cls(State.UNKNOWN, text, facts=facts)


@dataclass(frozen=True)
class Approval:
    person: int
    at: datetime


@dataclass(frozen=True)
class Before:
    """What others of its kind have done, this one left out."""

    spent: Spent = Spent()
    last_began_at: datetime | None = None


def before(actions: Iterable[Past], *, now: datetime) -> Before:
    """What failed has spent nothing; what is not over counts as of today, whenever it began."""
    begun = list(actions)
    day = lifetime = 0
    for one in begun:
        if one.state in PAID or one.state in OPEN:
            lifetime += one.sun
            day += one.sun if one.state in OPEN or one.began_at > now - DAY else 0
    return Before(Spent(day, lifetime), max((one.began_at for one in begun), default=None))


def people_needed(sun: int, limits: Limits) -> int:
    if limits.second_above_sun is not None and sun > limits.second_above_sun:
        return TOGETHER
    return ALONE if limits.approval_above_sun is not None and sun > limits.approval_above_sun else 0


def is_approved(
    sun: int, limits: Limits, *, proposer: int | None, by: Iterable[Approval], now: datetime
) -> bool:
    """By so many others than the proposer, each counted once, and none so old that it is none any more.

    The machine has no number: what it proposes needs the same people.
    """
    people = {one.person for one in by if now < one.at + limits.valid_for} - {proposer}
    return len(people) >= people_needed(sun, limits)


def verdict(
    sun: int,
    limits: Limits,
    others: Before,
    *,
    mode: Mode,
    halted: bool,
    proposed_at: datetime,
    now: datetime,
) -> Verdict | Why:
    """Asked in the transaction that begins the execution, which also takes its part of the budget.

    Raises ValueError for an amount below zero: it would give budget back.
    """
    if sun < 0:
        raise ValueError(f"{sun} sun are no amount")
    if halted or mode is Mode.OFF:
        return Why.HALTED if halted else Why.SWITCHED_OFF
    if now >= proposed_at + limits.valid_for:
        return Why.EXPIRED
    if others.last_began_at is not None and now < others.last_began_at + limits.cooldown:
        return Why.COOLING
    if limits.caps and (why := _budget(sun, limits.caps, others.spent)):
        return why
    return Verdict.GO if mode is Mode.ON else Verdict.SHADOW


def _budget(sun: int, caps: Caps, spent: Spent) -> Why | None:
    if sun > caps.action:
        return Why.TOO_MUCH
    if spent.day + sun > caps.day:
        return Why.DAY_SPENT
    return Why.ALL_SPENT if spent.lifetime + sun > caps.lifetime else None

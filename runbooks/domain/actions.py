"""Guarded actions: what may hurt is an intent first, and is decided here whether it may go on.

Proposed → approved → executing → confirmed or failed; unknown, when whoever executed it died or was not
answered, until a look at the world says which. Amounts are int sun; an action without an amount has 0.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

DAY: Final = timedelta(hours=24)
ALONE, TOGETHER = 1, 2  # people who have to approve


class State(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    EXECUTING = "executing"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REFUSED = "refused"  # by a person
    EXPIRED = "expired"  # nobody decided in time, or it was not executed in time
    SHADOWED = "shadowed"  # decided and written down, and on purpose not done


NEXT: Final[Mapping[State, frozenset[State]]] = {
    State.PROPOSED: frozenset({State.APPROVED, State.REFUSED, State.EXPIRED}),
    State.APPROVED: frozenset({State.EXECUTING, State.REFUSED, State.EXPIRED, State.SHADOWED}),
    State.EXECUTING: frozenset({State.CONFIRMED, State.FAILED, State.UNKNOWN}),
    State.UNKNOWN: frozenset({State.CONFIRMED, State.FAILED}),
}
# Those that hold a part of the budget: nobody can say yet that it is not spent.
HOLDING: Final = frozenset({State.EXECUTING, State.UNKNOWN, State.CONFIRMED})


class Mode(StrEnum):
    """Of a kind of action. What people decide about is decided in every mode; only `on` does it."""

    OFF = "off"
    SHADOW = "shadow"
    ON = "on"


class Why(StrEnum):
    """Why it may not be executed now."""

    SWITCHED_OFF = "switched_off"
    EXPIRED = "expired"
    TOO_MUCH = "too_much"
    DAY_SPENT = "day_spent"
    ALL_SPENT = "all_spent"
    COOLING = "cooling"


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


@dataclass(frozen=True)
class Limits:
    """Of a kind of action."""

    caps: Caps | None = None  # None: it costs nothing
    cooldown: timedelta = timedelta(0)  # from the begin of one to that of the next
    approval_above_sun: int | None = None  # one person has to approve; None: never
    second_above_sun: int | None = None  # two different people
    valid_for: timedelta = timedelta(hours=1)  # from the proposal: an old decision is none


@dataclass(frozen=True)
class Before:
    """What others of its kind have done, this one left out."""

    spent: Spent = Spent()
    last_began_at: datetime | None = None


def people_needed(sun: int, limits: Limits) -> int:
    if limits.second_above_sun is not None and sun > limits.second_above_sun:
        return TOGETHER
    return ALONE if limits.approval_above_sun is not None and sun > limits.approval_above_sun else 0


def is_approved(sun: int, limits: Limits, *, proposer: int | None, by: Collection[int]) -> bool:
    """Each person counts once, and whoever proposed it does not count where two are needed.

    The machine has no number: what it proposes needs the same people.
    """
    needed = people_needed(sun, limits)
    people = set(by) - ({proposer} if needed == TOGETHER else set())
    return len(people) >= needed


def hindrance(
    sun: int,
    limits: Limits,
    before: Before,
    *,
    mode: Mode,
    proposed_at: datetime,
    now: datetime,
) -> Why | None:
    """Asked in the transaction that begins the execution, which also takes its part of the budget."""
    if mode is Mode.OFF:
        return Why.SWITCHED_OFF
    if now >= proposed_at + limits.valid_for:
        return Why.EXPIRED
    if before.last_began_at is not None and now < before.last_began_at + limits.cooldown:
        return Why.COOLING
    return _budget(sun, limits.caps, before.spent) if limits.caps else None


def _budget(sun: int, caps: Caps, spent: Spent) -> Why | None:
    if sun > caps.action:
        return Why.TOO_MUCH
    if spent.day + sun > caps.day:
        return Why.DAY_SPENT
    return Why.ALL_SPENT if spent.lifetime + sun > caps.lifetime else None

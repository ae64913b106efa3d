"""Which way a changed setting goes: towards more that the machine may do with money, or towards less.

What loosens waits for a second person, what tightens holds at once. One rule a field; an unknown field
has none and is an error, never neutral by omission.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

VALID_FOR: Final = timedelta(hours=24)  # an old decision is none


class Direction(StrEnum):
    LOOSENS = "loosens"
    TIGHTENS = "tightens"
    NEUTRAL = "neutral"


Rule = Callable[[Any, Any], Direction]


def more(old: Any, new: Any) -> Direction:
    """More of it loosens, and an empty field bounds nothing."""
    if old == new:
        return Direction.NEUTRAL
    up = new is None or (old is not None and new > old)
    return Direction.LOOSENS if up else Direction.TIGHTENS


def less(old: Any, new: Any) -> Direction:
    return more(new, old)


def whatever(old: Any, new: Any) -> Direction:
    """Any change means other money than before."""
    return Direction.NEUTRAL if old == new else Direction.LOOSENS


def nothing(_old: Any, _new: Any) -> Direction:
    """It moves no money and holds none back."""
    return Direction.NEUTRAL


def ranked(*ranks: str) -> Rule:
    """From the tightest to the loosest."""

    def rule(old: Any, new: Any) -> Direction:
        return more(ranks.index(old), ranks.index(new))

    return rule


def wider(old: Sequence[str], new: Sequence[str]) -> Direction:
    """More names loosen, and an empty list means all there are."""
    if set(old) == set(new):
        return Direction.NEUTRAL
    narrower = bool(new) and (not old or set(new) < set(old))
    return Direction.TIGHTENS if narrower else Direction.LOOSENS


def fewer(old: Sequence[str], new: Sequence[str]) -> Direction:
    """Each that is taken away loosens."""
    if set(old) == set(new):
        return Direction.NEUTRAL
    return Direction.TIGHTENS if set(old) < set(new) else Direction.LOOSENS


@dataclass(frozen=True)
class Split:
    """What holds at once, and what waits: the values that are wanted, by field."""

    now: Mapping[str, Any]
    later: Mapping[str, Any]


def split(rules: Mapping[str, Rule], old: Mapping[str, Any], new: Mapping[str, Any]) -> Split:
    """Raises KeyError for a field that has no rule."""
    changed = {name: value for name, value in new.items() if value != old[name]}
    later = {
        name: value
        for name, value in changed.items()
        if rules[name](old[name], value) is Direction.LOOSENS
    }
    return Split({name: changed[name] for name in changed if name not in later}, later)


LIMITS: Final[Mapping[str, Rule]] = {
    "kind": nothing,  # never changes
    "mode": ranked("off", "shadow", "on"),
    "action_cap_sun": more,
    "day_cap_sun": more,
    "lifetime_cap_sun": more,
    "cooldown": less,
    "approval_above_sun": more,
    "second_above_sun": more,
    "valid_for": more,
}


class State(StrEnum):
    WAITING = "waiting"
    APPLIED = "applied"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by whoever proposed it
    EXPIRED = "expired"
    OUTDATED = "outdated"  # what it started from has changed, or it does not fit what has


class Objection(StrEnum):
    """Why this person does not decide it now."""

    OVER = "over"
    EXPIRED = "expired"
    SAME_PERSON = "same_person"
    TOO_NEW = "too_new"  # an administrator only since it waits: who makes one could confirm alone
    NOT_THEIRS = "not_theirs"


def against_confirming(
    state: str, *, proposer: int, by: int, since: datetime | None, proposed_at: datetime,
    expires_at: datetime, now: datetime,
) -> Objection | None:  # fmt: skip
    """`since`: when this person last became an administrator, as far as is known."""
    if state != State.WAITING:
        return Objection.OVER
    if now >= expires_at:
        return Objection.EXPIRED
    if proposer == by:
        return Objection.SAME_PERSON
    return Objection.TOO_NEW if since is not None and since >= proposed_at else None

"""What to do next, by rules: each names the figures that it follows from, and none follows from chance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from postmortems.domain.figures.changes import Change, Verdict
from postmortems.domain.figures.comparing import Compared
from postmortems.domain.figures.load import Load

RETURNS: Final = 3  # so often the same trouble is one that comes back
NIGHTS: Final = 4
DONE: Final = 80.0  # per cent of the action items that were due


class Kind(StrEnum):
    BUDGET_SPENT = "budget_spent"
    MORE_INCIDENTS = "more_incidents"
    SLOWER = "slower"
    ANSWERED_LATE = "answered_late"
    RESOLVED_LATE = "resolved_late"
    COMES_BACK = "comes_back"
    NIGHTS_LOST = "nights_lost"
    ACTIONS_OPEN = "actions_open"


@dataclass(frozen=True, slots=True)
class Advice:
    """`evidence` by name, for the words around it."""

    kind: Kind
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    changes: Mapping[Compared, Change]
    burns: Sequence[tuple[str, float]]  # a service, and how much of its budget is used
    causes: Sequence[tuple[str, int]]
    loads: Sequence[tuple[str, Load]]
    actions: tuple[int, int]  # done, due


WORSE: Final = {
    Compared.INCIDENTS: Kind.MORE_INCIDENTS,
    Compared.ACKNOWLEDGE: Kind.SLOWER,
    Compared.MITIGATE: Kind.SLOWER,
    Compared.RESOLVE: Kind.SLOWER,
    Compared.ANSWERED_LATE: Kind.ANSWERED_LATE,
    Compared.RESOLVED_LATE: Kind.RESOLVED_LATE,
}


def advise(facts: Facts) -> list[Advice]:
    """The gravest first: what customers felt, what got worse, what wears people out, what was promised."""
    return [*_budgets(facts), *_changes(facts), *_causes(facts), *_nights(facts), *_actions(facts)]


def _budgets(facts: Facts) -> Iterator[Advice]:
    for service, burn in sorted(facts.burns, key=lambda one: -one[1]):
        if burn > 1:
            yield Advice(Kind.BUDGET_SPENT, {"service": service, "burn": burn})


def _changes(facts: Facts) -> Iterator[Advice]:
    for key, kind in WORSE.items():
        change = facts.changes[key]
        if change.verdict == Verdict.MORE:
            yield Advice(kind, {"figure": key, "change": change})


def _causes(facts: Facts) -> Iterator[Advice]:
    for cause, count in facts.causes:
        if count >= RETURNS:
            yield Advice(Kind.COMES_BACK, {"cause": cause, "count": count})


def _nights(facts: Facts) -> Iterator[Advice]:
    for name, load in facts.loads:
        if load.nights >= NIGHTS:
            yield Advice(Kind.NIGHTS_LOST, {"person": name, "nights": load.nights})


def _actions(facts: Facts) -> Iterator[Advice]:
    done, due = facts.actions
    if due and 100 * done / due < DONE:
        yield Advice(Kind.ACTIONS_OPEN, {"done": done, "due": due})

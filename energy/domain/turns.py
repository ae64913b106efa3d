"""Which steps of a plan are taken together, and which wait for the ones before."""

from collections.abc import Iterable, Sequence
from typing import Final

from energy.domain.planning import Step
from energy.domain.policy import BRINGING, Lever

CHAIN: Final = frozenset({Lever.DELEGATE_ENERGY, Lever.CANCEL_UNSTAKES, Lever.EMERGENCY_STAKING})


def in_turn(steps: Iterable[Step]) -> list[Step]:
    """One transaction of an account and one purchase at a time; a stake when nothing else is left."""
    wanted, taken = list[Step](), set[object]()
    for step in steps:
        turn = ("chain", step.helper) if step.lever in CHAIN else step.lever
        if turn not in taken:
            wanted.append(step)
        taken.add(turn)
    if any(step.lever in BRINGING for step in wanted):
        wanted = [step for step in wanted if step.lever is not Lever.EMERGENCY_STAKING]
    return wanted


def turns(steps: Iterable[Step]) -> list[Sequence[Step]]:
    """All of them, one turn after the other, if each brings what it promises."""
    rest, found = list(steps), list[Sequence[Step]]()
    while rest:
        found.append(in_turn(rest))
        rest = [step for step in rest if not any(step is one for one in found[-1])]
    return found

"""A response without its effects: the same rows, the same planner, the same guards, and nothing done.

Prices are asked for and rails are looked at; nothing is proposed, held, sent or bought.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core.errors import Refused
from energy.domain import planning
from energy.domain.planning import Plan, Situation, Why
from energy.domain.policy import Lever
from energy.domain.states import Level
from energy.domain.turns import turns
from energy.models import EnergyPolicy, Reading, Response, Role, Wallet
from energy.reckoning import helpers_at
from energy.services import asking, plans
from runbooks.services import Foretold, foretell


@dataclass(frozen=True)
class Line:
    """`turn`: those of one together; the next when they are over, and for what is missing still."""

    turn: int
    step: planning.Step
    rail: str
    foretold: Foretold


@dataclass(frozen=True)
class Rehearsal:
    response: Response  # no row
    reading: Reading  # what it is planned from
    supposed: bool  # so little is left, although more is
    situation: Situation
    plan: Plan
    lines: Sequence[Line]

    @property
    def level(self) -> Level:
        return Level(self.response.level)

    @property
    def unused(self) -> Mapping[Lever, Why]:
        """Rails are looked at apart from the plan, which knows of none."""
        used = {line.step.lever for line in self.lines}
        return {lever: why for lever, why in self.plan.unused.items() if lever not in used}


def rehearse(
    wallet: Wallet, level: Level, *, at: datetime, policy: EnergyPolicy | None = None
) -> Rehearsal:
    """Raises Refused where a response would wait, or never begin."""
    if level not in {Level.EMERGENCY, Level.CRITICAL}:
        raise Refused(_("Only an emergency or a critical shortage is answered."))
    if not wallet.enabled or wallet.role != Role.HOT:
        raise Refused(_("Only the shortage of a watched hot wallet is answered."))
    if wallet.last is None or wallet.failures or not wallet.last.total_weight:
        raise Refused(_("Nothing: what is not measured is not acted upon."))
    response = Response(
        wallet=wallet, policy=policy or EnergyPolicy.now(), level=level, began_at=at
    )
    reading = _as_short(wallet, wallet.last, level)
    held = plans.first_hold(response, [], at=at)
    situation, plan = plans.of(response, reading, helpers_at(at), [], at=at)
    asked = [(1, held[0], rail) for rail in held[1]] if held else []
    for turn, steps in enumerate(turns(plan.steps), start=1):
        asked += [(turn, step, "") for step in steps]
    drafts = [asking.draft(response, step, rail) for _turn, step, rail in asked]
    told = foretell(drafts, at=at)
    lines = [Line(*one, said) for one, said in zip(asked, told, strict=True)]
    supposed = reading.used != wallet.last.used
    return Rehearsal(response, reading, supposed, situation, plan, lines)


def _as_short(wallet: Wallet, reading: Reading, level: Level) -> Reading:
    """As it stands, or with no more left than the level says."""
    below = wallet.critical_below if level == Level.CRITICAL else wallet.emergency_below
    supposed = copy(reading)
    supposed.used = max(reading.used, reading.limit - reading.limit * below // 100)
    return supposed

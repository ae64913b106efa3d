"""What the policy would do about the wallet on the page, with amounts, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from energy.domain.measuring import SUN
from energy.domain.planning import Plan, Situation, Why, plan
from energy.domain.policy import CAPS, Lever, Policy
from energy.domain.states import Level, State
from energy.models import Reading, Role, Wallet
from runbooks.domain.actions import Caps

if TYPE_CHECKING:
    from energy.screens.pages import Row

LEVERS: Final[dict[Lever, Promise]] = {
    Lever.PAUSE_WITHDRAWALS: _("Pause withdrawals"),
    Lever.HOLD_WITHDRAWALS: _("Hold withdrawals of low priority"),
    Lever.DELEGATE_ENERGY: _("Delegate idle energy"),
    Lever.CANCEL_UNSTAKES: _("Cancel pending unstakes"),
    Lever.BUY_ENERGY: _("Buy energy"),
    Lever.EMERGENCY_STAKING: _("Stake TRX"),
}
REASONS: Final[dict[Why, Promise]] = {
    Why.SHORT: _("brings some of what is missing"),
    Why.CUSTOMERS_WAIT: _("without energy they fail or burn TRX"),
    Why.ENOUGH: _("nothing is missing any more"),
    Why.NOTHING_IDLE: _("no energy is idle"),
    Why.NO_UNSTAKES: _("nothing is being unstaked"),
    Why.NO_OFFER: _("no market is asked yet"),
    Why.TOO_DEAR: _("dearer than burning"),
    Why.CAP_REACHED: _("a cap is reached"),
    Why.RESERVE: _("what is left is kept as reserve"),
    Why.HELD_ALREADY: _("done already"),
}
UNSEEN: Final = frozenset({State.MEASUREMENT_FAILED, State.UNKNOWN, State.NO_CAPACITY})


@dataclass(frozen=True)
class Line:
    word: Promise
    why: Promise
    sun: int
    energy: int
    approval: bool


@dataclass(frozen=True)
class Foreseen:
    """`silent`: why there is nothing to plan, if so."""

    plan: Plan | None
    steps: Sequence[Line] = ()
    unused: Sequence[Line] = ()
    silent: Promise | str = ""


def foreseen(row: "Row", rows: Sequence["Row"]) -> Foreseen:
    """By the last readings; two in a row have to agree before anything is spent."""
    wallet, reading = row.wallet, row.reading
    payer, means = _helper(row, rows)
    policy = _policy(payer)
    if row.state in UNSEEN or reading is None or means is None or not reading.total_weight:
        return Foreseen(None, silent=_("Nothing: what is not measured is not acted upon."))
    level = Level(wallet.confirmed)
    if level not in policy.levers:
        words = _("Nothing: it begins when two readings in a row are below %(percent)s %%.")
        return Foreseen(None, silent=str(words) % {"percent": wallet.emergency_below})
    found = plan(_situation(level, reading, means), policy)
    steps = [
        Line(LEVERS[one.lever], REASONS[one.why], one.sun, one.energy, one.approval)
        for one in found.steps
    ]
    unused = [Line(LEVERS[lever], REASONS[why], 0, 0, False) for lever, why in found.unused.items()]
    return Foreseen(found, steps, unused)


def _helper(row: "Row", rows: Sequence["Row"]) -> tuple[Wallet, Reading | None]:
    """The treasury and its means, or the wallet's own where there is no other."""
    treasuries = (one for one in rows if one.wallet.role == Role.TREASURY and one.known)
    found = next(treasuries, row)
    return found.wallet, found.reading


def _policy(payer: Wallet) -> Policy:
    """Within the caps and above the reserve of whoever pays."""
    stakes = Caps(payer.action_cap_sun, payer.day_cap_sun, payer.lifetime_cap_sun)
    return Policy(caps={**CAPS, Lever.EMERGENCY_STAKING: stakes}, reserve_sun=payer.reserve_sun)


def _situation(level: Level, short: Reading, helper: Reading) -> Situation:
    in_use = helper.used * helper.total_weight // helper.total_limit * SUN
    idle = 0 if helper.pk == short.pk else max(0, helper.staked_sun - in_use)
    return Situation(
        level, short.left, short.limit, short.total_limit, short.total_weight,
        short.energy_fee_sun or 0, helper.balance_sun, idle_sun=idle,
        unstaking_sun=helper.unfreezing_sun,
    )  # fmt: skip

"""What the policy would do about the wallet on the page, with amounts, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import clock
from energy.domain.planning import Plan, Why, plan
from energy.domain.policy import KINDS
from energy.domain.states import Level, State
from energy.models import EnergyPolicy, LeverName
from energy.reckoning import situation_of
from energy.resumption import stays_held
from runbooks.domain.actions import Mode
from runbooks.models import Limits

if TYPE_CHECKING:
    from energy.screens.pages import Row

REASONS: Final[dict[Why, Promise]] = {
    Why.SHORT: _("brings some of what is missing"),
    Why.CUSTOMERS_WAIT: _("without energy they fail or burn TRX"),
    Why.ENOUGH: _("nothing is missing any more"),
    Why.NOTHING_IDLE: _("no energy is idle"),
    Why.NO_UNSTAKES: _("nothing is being unstaked"),
    Why.NO_TREASURY: _("no treasury can be asked: busy or not measured"),
    Why.NO_OFFER: _("no market offers any"),
    Why.SET_ASIDE: _("every market owes energy that was paid for"),
    Why.TOO_DEAR: _("dearer than burning"),
    Why.CAP_REACHED: _("a cap is reached"),
    Why.RESERVE: _("what is left is kept as reserve"),
    Why.HELD_ALREADY: _("done already"),
    Why.WAITS: _("one waits already"),
    Why.SWITCHED_OFF: _("switched off"),
    Why.NO_RAILS: _("no withdrawals to hold"),
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
    mode: Promise | str = ""
    stays_held: bool = False  # withdrawals, as nothing lets them go again


def foreseen(row: "Row", rows: Sequence["Row"]) -> Foreseen:
    """By the last readings; two in a row have to agree before anything is spent."""
    wallet, reading = row.wallet, row.reading
    if row.state in UNSEEN or reading is None or not reading.total_weight:
        return Foreseen(None, silent=_("Nothing: what is not measured is not acted upon."))
    policy = EnergyPolicy.now().plain()
    level = Level(wallet.confirmed)
    if level not in policy.levers:
        words = _("Nothing: it begins when two readings in a row are below %(percent)s %%.")
        silent = str(words) % {"percent": wallet.emergency_below}
        return Foreseen(None, silent=silent, stays_held=stays_held())
    helpers = [(one.wallet, one.reading) for one in rows if one.helps and one.reading]
    found = plan(situation_of(wallet, level, reading, helpers, at=clock.now()), policy)
    steps = [
        Line(LeverName(one.lever).label, REASONS[one.why], one.sun, one.energy, one.approval)
        for one in found.steps
    ]
    unused = [
        Line(LeverName(lever).label, REASONS[why], 0, 0, False)
        for lever, why in found.unused.items()
    ]
    return Foreseen(found, steps, unused, mode=_mode(), stays_held=stays_held())


def _mode() -> Promise:
    """Of the kinds of action that the levers pull."""
    modes = set(Limits.objects.filter(kind__in=KINDS.values()).values_list("mode", flat=True))
    if modes <= {Mode.SHADOW}:
        return _("In shadow: all is decided and written down, and nothing done.")
    if modes <= {Mode.ON}:
        return _("Switched on: a response does this by itself. Markets are asked when it begins.")
    return _("Switched on in part; the rest is only decided, or off.")

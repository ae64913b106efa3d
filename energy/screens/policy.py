"""What the policy would do about the wallet on the page, with amounts, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from energy.domain.planning import Offer, Plan, Situation, Step, Why, plan
from energy.domain.policy import KINDS, Lever
from energy.domain.states import State
from energy.models import EnergyPolicy, LeverName, Purchase, Wallet
from energy.resumption import modes_now, stays_held
from energy.screens.rows import Row
from energy.supposing import supposed
from runbooks.domain.actions import Mode

REASONS: Final[dict[Why, Promise]] = {
    Why.SHORT: _("brings some of what is missing"),
    Why.CUSTOMERS_WAIT: _("without energy they fail or burn TRX"),
    Why.ENOUGH: _("nothing is missing any more"),
    Why.NOTHING_IDLE: _("no energy is idle"),
    Why.NO_UNSTAKES: _("nothing is being unstaked"),
    Why.NO_TREASURY: _("no treasury can be asked: busy or not measured"),
    Why.NO_OFFER: _("no market offers any"),
    Why.NOT_ASKED: _("no market was asked lately"),
    Why.NO_RISE: _("what is confirmed has not shown yet"),
    Why.SET_ASIDE: _("every market owes energy that was paid for"),
    Why.TOO_DEAR: _("dearer than burning"),
    Why.CAP_REACHED: _("a cap is reached"),
    Why.RESERVE: _("what is left is kept as reserve"),
    Why.HELD_ALREADY: _("done already"),
    Why.WAITS: _("one waits already"),
    Why.SWITCHED_OFF: _("switched off"),
    Why.NO_RAILS: _("no withdrawals to hold"),
}
STALE: Final = timedelta(minutes=15)
UNSEEN: Final = frozenset({State.MEASUREMENT_FAILED, State.UNKNOWN, State.NO_CAPACITY})


@dataclass(frozen=True)
class Line:
    word: Promise
    why: Promise | str
    sun: int = 0
    energy: int = 0
    approval: bool = False
    of: str = ""  # which market, or whose stake


@dataclass(frozen=True)
class Foreseen:
    """`silent`: why nothing is done now, if so; then the plan is that of a shortage `supposed`, if any."""

    plan: Plan | None
    steps: Sequence[Line] = ()
    unused: Sequence[Line] = ()
    silent: Promise | str = ""
    supposed: int | None = None  # percent left, which is taken for what it is not
    priced_at: datetime | None = None  # what energy would cost
    mode: Promise | str = ""
    switch: Promise | str = ""  # the same in a word
    stays_held: bool = False  # withdrawals, as nothing lets them go again


def foreseen(row: Row, rows: Sequence[Row]) -> Foreseen:
    """By the last readings; two in a row have to agree before anything is spent."""
    wallet, reading, modes = row.wallet, row.reading, modes_now()
    if row.state in UNSEEN or reading is None or not reading.total_weight:
        return Foreseen(
            None, silent=_("Nothing: what is not measured is not acted upon."),
            switch=_switch(modes)[0],
        )  # fmt: skip
    policy = EnergyPolicy.now().plain()
    switch, mode = _switch(modes)
    at, helpers = (
        clock.now(),
        [(one.wallet, one.reading) for one in rows if one.helps and one.reading],
    )
    prices = _prices(wallet, at)
    situation, calm = supposed(wallet, reading, helpers, policy, offers=prices, at=at)
    found = plan(situation, policy)
    names = {one.wallet.pk: one.wallet.name for one in rows}
    words = _("Nothing: it begins when two readings are below %(percent)s %%.")
    return Foreseen(
        found,
        [_line(one, situation, names) for one in found.steps],
        [Line(LeverName(lever).label, REASONS[why]) for lever, why in found.unused.items()],
        silent=str(words) % {"percent": wallet.emergency_below} if calm else "",
        supposed=wallet.critical_below if calm else None,
        priced_at=None if prices is None else wallet.offers_at,
        mode=mode,
        switch=switch,
        stays_held=stays_held(modes),
    )


def _prices(wallet: Wallet, at: datetime) -> list[Offer] | None:
    """As a worker was told them; None: too long ago to mean anything."""
    if wallet.offers_at is None or wallet.offers_at < at - STALE:
        return None
    owing = Purchase.objects.distrusted()
    return [Offer(**one) for one in wallet.offers if one["provider"] not in owing]


def _line(step: Step, situation: Situation, names: Mapping[int, str]) -> Line:
    why: Promise | str = REASONS[step.why]
    if step.lever is Lever.BUY_ENERGY:
        words = _("%(price)s sun for each energy; burning costs %(burning)s")
        price = f"{step.sun / step.energy:.1f}"
        why = str(words) % {"price": price, "burning": situation.energy_fee_sun}
    label = LeverName(step.lever).label
    of = step.provider or names.get(step.helper, "")
    return Line(label, why, step.sun, step.energy, step.approval, of)


def _switch(known: Mapping[str, str]) -> tuple[Promise, Promise]:
    """Of the kinds of action that the levers pull: in a word and in a sentence."""
    modes = {known[kind] for kind in KINDS.values() if kind in known}
    if modes <= {Mode.SHADOW}:
        return _("shadow"), _("In shadow: all is decided and written down, and nothing done.")
    if modes <= {Mode.ON}:
        return pgettext_lazy("mode", "live"), _(
            "Switched on: a response does this by itself. Markets are asked anew when it begins."
        )
    return _("live in part"), _("Switched on in part; the rest is only decided, or off.")

"""What moves stakes on the chain. `parameters`: wallet, whose stake it is, and what each names."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy

from core import clock
from core.money import trx
from core.told import Told as _
from energy.domain.measuring import SUN, Failed
from energy.domain.planning import stakeable
from energy.domain.policy import LIMITS, Lever
from energy.looking import look
from energy.models import Wallet
from energy.reckoning import by_wallet
from energy.services.moving import move, moved
from integrations import tron
from runbooks.domain.actions import Limits, Outcome, Spent
from runbooks.models import Action
from runbooks.registry import actions

FREE: Final = Limits(valid_for=timedelta(minutes=15))  # costs nothing, and can be taken back


@actions.register("energy.stake")
class Stake:
    """TRX of the wallet, the action's amount, staked for energy."""

    label = gettext_lazy("Stake TRX")
    limits = LIMITS[Lever.EMERGENCY_STAKING]

    def describe(self, action: Action) -> str:
        facts = {"trx": trx(action.sun), "wallet": action.parameters["name"]}
        return str(_("Stake %(trx)s of %(wallet)s for energy", **facts))

    def execute(self, action: Action) -> Outcome:
        """What may be staked is read anew: the balance of the plan may be gone."""
        wallet = _wallet(action)
        looked = look(wallet.address)
        if isinstance(looked, Failed):
            return _unseen(looked)
        share = int(action.parameters["share_percent"])
        most = stakeable(looked.seen.balance_sun, share_percent=share, reserve=wallet.reserve_sun)
        at = clock.database_now()
        others = by_wallet(Lever.EMERGENCY_STAKING, at=at, apart=action.pk)
        allowed = wallet.caps.left(others.get(wallet.pk, Spent()))
        if action.sun > min(most, allowed):
            return Outcome.failed(_("Only %(trx)s may be staked now.", trx=trx(min(most, allowed))))
        return move(action, _freeze(action, wallet), wallet=wallet)

    def reconcile(self, action: Action) -> Outcome | None:
        wallet = _wallet(action)
        return moved(action, _freeze(action, wallet), wallet=wallet)


@actions.register("energy.delegate")
class Delegate:
    """`parameters`: also receiver, a wallet of ours, and lend_sun."""

    label = gettext_lazy("Delegate idle energy")
    limits = FREE

    def describe(self, action: Action) -> str:
        facts = {
            "trx": trx(action.parameters["lend_sun"]),
            "wallet": action.parameters["name"],
            "receiver": action.parameters["receiver_name"],
        }
        return str(_("Delegate energy of %(trx)s from %(wallet)s to %(receiver)s", **facts))

    def execute(self, action: Action) -> Outcome:
        """As much as is idle still."""
        wallet = _wallet(action)
        looked = look(wallet.address)
        if isinstance(looked, Failed):
            return _unseen(looked)
        try:
            idle = tron.first_node().delegatable(wallet.address)
        except tron.NodeError as error:
            return Outcome.failed(error)
        lend = min(int(action.parameters["lend_sun"]), idle // SUN * SUN)
        if lend < SUN:
            return Outcome.failed(_("No energy is idle any more."))
        return move(action, _delegate(action, wallet, lend), wallet=wallet)

    def reconcile(self, action: Action) -> Outcome | None:
        wallet = _wallet(action)
        lend = int(action.parameters["lend_sun"])
        return moved(action, _delegate(action, wallet, lend), wallet=wallet)


@actions.register("energy.cancel_unstakes")
class CancelUnstakes:
    """All of the wallet's: the chain knows no half."""

    label = gettext_lazy("Cancel pending unstakes")
    limits = FREE

    def describe(self, action: Action) -> str:
        return str(_("Cancel the pending unstakes of %(name)s", **action.parameters))

    def execute(self, action: Action) -> Outcome:
        wallet = _wallet(action)
        looked = look(wallet.address)
        if isinstance(looked, Failed):
            return _unseen(looked)
        if not looked.seen.unfreezing:
            return Outcome.failed(_("Nothing is being unstaked any more."))
        return move(action, tron.CancelUnfreezes(wallet.address), wallet=wallet)

    def reconcile(self, action: Action) -> Outcome | None:
        wallet = _wallet(action)
        return moved(action, tron.CancelUnfreezes(wallet.address), wallet=wallet)


def _wallet(action: Action) -> Wallet:
    return Wallet.objects.get(pk=action.parameters["wallet"])


def _freeze(action: Action, wallet: Wallet) -> tron.Freeze:
    return tron.Freeze(wallet.address, action.sun)


def _delegate(action: Action, wallet: Wallet, lend: int) -> tron.Delegate:
    """To wallets of ours only."""
    receiver = Wallet.objects.get(pk=action.parameters["receiver"])
    return tron.Delegate(wallet.address, lend, receiver=receiver.address)


def _unseen(looked: Failed) -> Outcome:
    """Nothing moves on one node's word, or on none."""
    return Outcome.failed(
        _("The wallet cannot be measured: %(why)s", why=looked.detail or looked.fault)
    )

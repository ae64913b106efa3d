"""Withdrawals held and let go, one rail at a time. The action's key is the name of the hold."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy

from core import clock
from core.told import Told
from core.told import Told as _
from integrations import wallet_service
from integrations.wallet_service import Rail, Rejected, Scope, Unconfirmed, WalletServiceError
from runbooks.domain.actions import Limits, Outcome
from runbooks.models import Action
from runbooks.registry import actions

TRIES: Final = 3  # with the same key, which is one hold however often it is asked for
ARRIVES: Final = timedelta(seconds=60)  # what is not there by then is not on its way any more


class _Hold:
    """`parameters`: rail, reason, and if wished per_minute."""

    limits = Limits()  # costs nothing
    scope: Scope

    def execute(self, action: Action) -> Outcome:
        return _asked(
            lambda: wallet_service.pause(
                action.parameters["rail"],
                key=action.key,
                reason=action.parameters["reason"],
                scope=self.scope,
                per_minute=action.parameters.get("per_minute"),
            )
        )

    def reconcile(self, action: Action) -> Outcome | None:
        try:
            held = wallet_service.rail(action.parameters["rail"]).hold(action.key)
        except WalletServiceError:
            return None
        if held is not None:
            return Outcome.confirmed(_("It is held."))
        return _late(action, _("It is not held."))


@actions.register("withdrawals.pause")
class Pause(_Hold):
    label = gettext_lazy("Pause withdrawals")
    scope = Scope.ALL

    def describe(self, action: Action) -> str:
        return str(_("Pause withdrawals by %(rail)s", **action.parameters))


@actions.register("withdrawals.hold_low")
class HoldLow(_Hold):
    label = gettext_lazy("Hold withdrawals of low priority")
    scope = Scope.LOW

    def describe(self, action: Action) -> str:
        given = action.parameters
        words = _("Hold withdrawals of low priority by %(rail)s", **given)
        if given.get("per_minute") is not None:
            words = _(
                "Hold withdrawals of low priority by %(rail)s, the others %(per_minute)s a minute",
                **given,
            )
        return str(words)


@actions.register("withdrawals.resume")
class Resume:
    """`parameters`: rail, hold (the key of the pause that is lifted), low, reason. Others' holds stay."""

    label = gettext_lazy("Let withdrawals go again")
    limits = Limits()

    def describe(self, action: Action) -> str:
        given = action.parameters
        words = _("Let withdrawals by %(rail)s go again", **given)
        if given.get("low"):
            words = _("Let withdrawals of low priority by %(rail)s go again", **given)
        return str(words)

    def execute(self, action: Action) -> Outcome:
        return _asked(lambda: _lifted(action))

    def reconcile(self, action: Action) -> Outcome | None:
        try:
            held = wallet_service.rail(action.parameters["rail"]).hold(action.parameters["hold"])
        except WalletServiceError:
            return None
        if held is None:
            return Outcome.confirmed(_("The hold is lifted."))
        return _late(action, _("It is still held."))


def _asked(ask: Callable[[], Rail]) -> Outcome:
    error: WalletServiceError | None = None
    for _try in range(TRIES):
        try:
            rail = ask()
        except Rejected as refusal:
            return Outcome.failed(_("The wallet service refused: %(why)s", why=refusal))
        except WalletServiceError as lost:
            error = lost
        else:
            return Outcome.confirmed(
                _(
                    "%(waiting)s wait, %(sending)s are on their way.",
                    waiting=rail.waiting,
                    sending=rail.sending,
                ),
                waiting=rail.waiting,
                sending=rail.sending,
            )
    if isinstance(error, Unconfirmed):
        return Outcome.failed(_("The wallet service said so, and did not do it."))
    return Outcome.unknown(f"{type(error).__name__}: {error}")


def _lifted(action: Action) -> Rail:
    """A hold that never was, as the request for it was lost, is as good as lifted."""
    name, hold = action.parameters["rail"], action.parameters["hold"]
    rail = wallet_service.rail(name)
    if rail.hold(hold) is None:
        return rail
    reason = action.parameters["reason"]
    return wallet_service.resume(name, hold=hold, key=action.key, reason=reason)


def _late(action: Action, text: Told) -> Outcome | None:
    """A request whose answer was lost may still arrive for a while."""
    if action.began_at is None or clock.database_now() < action.began_at + ARRIVES:
        return None
    return Outcome.failed(text)

"""Energy bought, once: written down, then asked for, and believed when the chain has it.

Whoever dies between two lines leaves a `Purchase`, from which the next one finds out what the market
made of it (`market.recover`); nobody asks a second time for what may have been sold already.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from core import clock
from core.money import trx
from core.told import Told
from core.told import Told as _
from energy.domain.market import (
    EnergyProvider,
    MarketError,
    Order,
    OrderRef,
    OrderState,
    Quote,
    Unknown,
    check_price,
    recover,
)
from energy.domain.measuring import SUN, Failed, Seen
from energy.domain.policy import Lever
from energy.looking import look
from energy.models import Purchase, PurchaseState, Wallet
from energy.reckoning import by_wallet
from energy.registry import providers
from energy.services.arriving import arrived_sun, is_solid, own_on_their_way
from energy.services.losses import never_came
from energy.services.rising import holds_back
from runbooks.domain.actions import Outcome, Spent
from runbooks.models import Action

MARGIN: Final = timedelta(seconds=30)  # to the end of the lease
ARRIVES: Final = timedelta(
    seconds=90
)  # an order that is in no list by then never reached the market
LATE: Final = timedelta(seconds=60)  # from here on another market may be asked
GIVEN_UP: Final = timedelta(minutes=15)
MOST: Final = 95  # percent of an order, from which it has come: the chain counts whole TRX
OVER: Final = {OrderState.FAILED, OrderState.REFUNDED}


def buy(action: Action) -> Outcome:
    """`parameters`: wallet, provider, energy, seconds. The action's amount is the most that it may cost."""
    asked = action.parameters
    wallet = Wallet.objects.get(pk=asked["wallet"])
    if refusal := _refusal(action, wallet):
        return Outcome.failed(refusal)
    provider = providers[asked["provider"]]
    # Our own on their way first: what is in a block by now is in the balance read after it.
    apart = own_on_their_way(wallet)
    looked = look(wallet.address)
    if isinstance(looked, Failed):
        return Outcome.failed(_("The wallet cannot be measured."))
    try:
        quote = provider.quote(wallet.address, asked["energy"], asked["seconds"])
        check_price(quote, _most(action, looked.seen))
    except MarketError as error:
        return Outcome.failed(error)
    row = _written(action, wallet, quote, looked.seen, apart)
    if row is None or clock.database_now() > _until(action):
        return Outcome.unknown(_("It took too long to begin."))
    return _ask(row, provider, quote, action)


def bought(action: Action) -> Outcome | None:
    """What became of it. Without a row nothing was asked, and after this nobody can any more."""
    row, _made = Purchase.objects.get_or_create(
        action=action,
        defaults={
            "wallet_id": action.parameters["wallet"],
            "provider": action.parameters["provider"],
            "energy": action.parameters["energy"],
            "seconds": action.parameters["seconds"],
            "asked_at": clock.database_now(),
            "state": PurchaseState.NOT_BOUGHT,
        },
    )
    provider = providers.get(row.provider)
    if row.state == PurchaseState.NOT_BOUGHT:
        return Outcome.failed(_("Nothing was bought."))
    if row.state == PurchaseState.NEVER_CAME:
        return never_came(row)
    if provider is None:
        return None
    if not row.order_id and (ended := _find(row, provider, action)):
        return ended
    return _judge(row, provider) if row.order_id else None


def _refusal(action: Action, wallet: Wallet) -> Told | None:
    name = action.parameters["provider"]
    if name not in providers or not providers[name].configured:
        return _("This market is not set up.")
    if name in Purchase.objects.distrusted():
        return _("This market was paid, and what it owes has not come.")
    if holds_back(wallet):
        return _("What the chain has confirmed has not raised the limit; it is not paid for twice.")
    if (allowed := _allowed(action, wallet)) < action.sun:
        return _("Only %(trx)s may be spent on energy for this wallet now.", trx=trx(allowed))
    return None


def _written(
    action: Action, wallet: Wallet, quote: Quote, seen: Seen, apart: list[str]
) -> Purchase | None:
    """None: another one of this wallet is pending, or this one was given up meanwhile."""
    weight = -(-quote.energy * (seen.total_weight or 0) // (seen.total_limit or 1)) * SUN
    try:
        with transaction.atomic():
            return Purchase.objects.create(
                action=action, wallet=wallet, provider=quote.provider, energy=quote.energy,
                seconds=quote.seconds, quoted_sun=quote.total_sun, asked_at=clock.database_now(),
                before_sun=seen.delegated_in_sun, expected_sun=weight, apart=apart,
            )  # fmt: skip
    except IntegrityError:
        return None


def _ask(row: Purchase, provider: EnergyProvider, quote: Quote, action: Action) -> Outcome:
    try:
        ref = provider.buy(quote, action.key, action.sun)
    except Unknown as error:
        return Outcome.unknown(error)
    except MarketError as error:
        return _end(row, PurchaseState.NOT_BOUGHT, Outcome.failed(error))
    _ordered(row, ref)
    return _judge(row, provider) or Outcome.unknown(_("Ordered; the chain does not show it yet."))


def _find(row: Purchase, provider: EnergyProvider, action: Action) -> Outcome | None:
    """The order behind a lost answer. A refusal says nothing of the first time, so it is asked again."""
    quote = Quote(
        row.provider,
        row.wallet.address,
        row.energy,
        row.seconds,
        row.quoted_sun,
        0,
        0,
        row.asked_at,
    )
    waited = clock.database_now() - row.asked_at
    if waited >= GIVEN_UP:
        return _given_up(row)
    try:
        ref = recover(provider, quote, action.key, max_total_sun=action.sun, since=row.asked_at)
    except MarketError:
        return None
    if ref:
        _ordered(row, ref)
        return None
    if waited < ARRIVES:
        return None
    gone = Outcome.failed(_("The market knows of no such order."))
    return _end(row, PurchaseState.NOT_BOUGHT, gone)


def _given_up(row: Purchase) -> Outcome | None:
    """The market never said. To ask for the order once more could buy what nobody needs any more."""
    came = arrived_sun(row)
    if came is None:
        return None
    row.paid_sun = row.quoted_sun
    if came:
        return _came(row, came, came * 100 >= row.expected_sun * MOST)
    return never_came(row)


def _ordered(row: Purchase, ref: OrderRef) -> None:
    row.state, row.order_id = PurchaseState.ORDERED, ref.order_id[:100]
    row.save(update_fields=["state", "order_id"])


def _judge(row: Purchase, provider: EnergyProvider) -> Outcome | None:
    """By the chain. What the market says decides only when the chain shows nothing."""
    order, came = _order(row, provider), arrived_sun(row)
    row.paid_sun = order.paid_sun if order and order.paid_sun else row.quoted_sun
    waited = clock.database_now() - row.asked_at
    if came is None:
        return None
    whole = came * 100 >= row.expected_sun * MOST
    if whole or (came and waited >= LATE):
        return _came(row, came, whole)
    if order and order.state in OVER:
        return _end(row, PurchaseState.NOT_BOUGHT, Outcome.failed(_("The market gave it back.")))
    if waited >= GIVEN_UP:  # the money is gone, so it is counted
        return never_came(row)
    if waited >= LATE and row.state == PurchaseState.ORDERED:
        _late(row, order)
    return None


def _late(row: Purchase, order: Order | None) -> None:
    """Delegated by the word of the chain, it may still show: then no other market is asked."""
    solid = is_solid(order.delegate_txids if order else ())
    if solid is None:
        return
    row.state = PurchaseState.NO_RISE if solid else PurchaseState.LATE
    row.save(update_fields=["state"])


def _came(row: Purchase, came: int, whole: bool) -> Outcome:
    row.arrived_sun = came
    energy = row.energy if whole else row.energy * came // row.expected_sun
    text = _("%(energy)s energy came.", energy=f"{energy:,}")
    outcome = Outcome.confirmed(text, sun=row.paid_sun, energy=energy, order=row.order_id)
    return _end(row, PurchaseState.ARRIVED, outcome)


def _order(row: Purchase, provider: EnergyProvider) -> Order | None:
    try:
        return provider.status(OrderRef(row.provider, row.order_id, row.action.key))
    except MarketError:
        return None


def _allowed(action: Action, wallet: Wallet) -> int:
    """By the wallet's own caps, whatever else waits to be bought for it."""
    others = by_wallet(Lever.BUY_ENERGY, at=clock.database_now(), apart=action.pk)
    return wallet.purchase_caps.left(others.get(wallet.pk, Spent()))


def _most(action: Action, seen: Seen) -> int:
    """Never above what burning costs now; without knowing that, nothing."""
    return min(action.sun, int(action.parameters["energy"]) * (seen.energy_fee_sun or 0))


def _until(action: Action) -> datetime:
    return (action.lease_until or clock.database_now()) - MARGIN


def _end(row: Purchase, state: PurchaseState, outcome: Outcome) -> Outcome:
    row.state, row.ended_at = state, clock.database_now()
    row.save(update_fields=["state", "ended_at", "paid_sun", "arrived_sun"])
    return outcome

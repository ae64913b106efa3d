"""How much of an order the chain shows: what is delegated to the wallet, less what came from elsewhere."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Q, QuerySet

from energy.domain.measuring import Failed
from energy.domain.settlement import OPEN, State
from energy.looking import look
from energy.models import ChainTransaction, Purchase, PurchaseState, Wallet
from integrations import tron

LENDS = tron.Delegate.name
NOTHING = (State.FAILED, State.DEAD)
LOOKED_AT: Final = 3  # transactions that a market names


def own_on_their_way(wallet: Wallet) -> list[str]:
    """Keys of our own delegations to it that no block shows yet. Whatever is unclear is among them."""
    rows = lent_to(wallet).filter(state__in=OPEN)
    return [row.key for row in rows if not _is_in_a_block(row)]


def arrived_sun(row: Purchase) -> int | None:
    """None: it cannot be seen now. Rather too little than too much."""
    looked = look(row.wallet.address)
    if isinstance(looked, Failed):
        return None
    ours = Q(key__in=row.apart) | Q(planned_at__gte=row.asked_at)
    lent = lent_to(row.wallet).filter(ours).exclude(state__in=NOTHING)
    later = Purchase.objects.filter(wallet=row.wallet, asked_at__gt=row.asked_at).exclude(
        state__in=[PurchaseState.NOT_BOUGHT, PurchaseState.NEVER_CAME]
    )
    elsewhere = sum(one.sun for one in lent) + sum(
        one.arrived_sun or one.expected_sun for one in later
    )
    return max(0, looked.seen.delegated_in_sun - row.before_sun - elsewhere)


def is_solid(txids: Sequence[str]) -> bool | None:
    """Whether the chain has confirmed one of what a market names; None: it may yet, or cannot be asked."""
    node, waits = tron.first_node(), False
    try:
        for txid in txids[:LOOKED_AT]:
            if (receipt := node.receipt(txid)) is not None and receipt.ok:
                return True
            waits = waits or node.receipt(txid, solid=False) is not None
    except tron.NodeError:
        return None
    return None if waits else False


def lent_to(wallet: Wallet) -> QuerySet[ChainTransaction]:
    receiver = tron.address_in_hex(wallet.address)
    return ChainTransaction.objects.filter(contract=LENDS, value__receiver_address=receiver)


def _is_in_a_block(row: ChainTransaction) -> bool:
    try:
        return bool(row.txid) and tron.first_node().receipt(row.txid or "", solid=False) is not None
    except tron.NodeError:
        return False

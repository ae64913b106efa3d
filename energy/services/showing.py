"""What one of our transactions has brought a wallet, by the readings before and after its block.

Readings are set in order by the block they were made at: what a reading shows is in a block long before it is solid.
"""

from typing import Final

from django.db.models import Min, QuerySet, Sum

from energy.domain.rising import risen
from energy.domain.settlement import State
from energy.models import ChainTransaction, Purchase, PurchaseState, Reading, Step, Wallet
from energy.services.arriving import lent_to
from energy.services.moving import key_of

BLOCKS: Final = 2  # a reading tells its block first, and may see what came into the next ones
TRIES: Final = 4  # to find a reading that is clear of other blocks


def shown_sun(row: ChainTransaction, wallet: Wallet) -> int | None:
    """None: nothing valid was measured since it was confirmed, or ever before."""
    readings = Reading.objects.valid().filter(wallet=wallet).order_by("-at")
    now = readings.filter(at__gt=row.settled_at, head_number__gte=row.block).first()
    if now is None:
        return None
    before = _before(row, wallet, readings)
    if before is None:
        return None
    return risen(
        _behind(before),
        _behind(now),
        gone_sun=_ended(wallet, before, now),
        elsewhere_sun=_lent(row, wallet, before, now) + _bought(wallet, before),
    )


def _before(row: ChainTransaction, wallet: Wallet, readings: QuerySet[Reading]) -> Reading | None:
    """The last one of which no delegation is unclear, whether it shows it already; where there is none, the last."""
    block = row.block or 0
    found = readings.filter(head_number__lt=block).first()
    for _try in range(TRIES):
        clear = readings.filter(head_number__lt=block - BLOCKS).first()
        if clear is None:
            return found
        found = clear
        near = lent_to(wallet).filter(
            state=State.DONE, block__range=(found.head_number + 1, found.head_number + BLOCKS)
        )
        earlier = near.aggregate(first=Min("block"))["first"]
        if earlier is None:
            return found
        block = earlier
    return found


def _behind(reading: Reading) -> int:
    """Sun behind its limit, and behind the limits of those it lends to."""
    return reading.staked_sun + reading.delegated_in_sun + reading.delegated_out_sun


def _ended(wallet: Wallet, before: Reading, now: Reading) -> int:
    """Rented, and gone again meanwhile."""
    rows = wallet.purchases.running(before.at)
    return sum(one.arrived_sun for one in rows if one.ends_at <= now.at)


def _lent(row: ChainTransaction, wallet: Wallet, before: Reading, now: Reading) -> int:
    """By our other wallets; what did not show either is not counted."""
    blocks = (before.head_number + 1, now.head_number)
    rows = lent_to(wallet).filter(state=State.DONE, block__range=blocks).exclude(pk=row.pk)
    missing = Step.objects.missing().select_related("action")
    rows = rows.exclude(key__in=[key_of(one.action) for one in missing if one.action])
    return int(rows.aggregate(sun=Sum("sun"))["sun"] or 0)


def _bought(wallet: Wallet, before: Reading) -> int:
    """What came meanwhile, and was not delegated to it already by then."""
    rows = Purchase.objects.filter(
        wallet=wallet, state=PurchaseState.ARRIVED, ended_at__gt=before.at
    )
    return sum(
        one.arrived_sun
        for one in rows
        if before.delegated_in_sun < one.before_sun + one.arrived_sun
    )

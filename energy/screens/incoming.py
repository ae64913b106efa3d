"""Where what is delegated to a wallet comes from: the chain tells one sum, our own rows tell it apart."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from energy.domain.settlement import State
from energy.models import Reading, Wallet
from energy.services.arriving import lent_to


@dataclass(frozen=True)
class Incoming:
    """In sun, as the chain counts it. What people took back by hand is taken off what we lent."""

    rented: int
    lent: int
    others: int


def incoming(wallet: Wallet, reading: Reading | None, *, at: datetime) -> Incoming:
    bought = wallet.purchases.running(at).aggregate(sun=Sum("arrived_sun"))["sun"] or 0
    ours = lent_to(wallet).filter(state=State.DONE).aggregate(sun=Sum("sun"))["sun"] or 0
    whole = reading.delegated_in_sun if reading else 0
    rented = min(whole, int(bought))
    lent = min(whole - rented, int(ours))
    return Incoming(rented, lent, whole - rented - lent)

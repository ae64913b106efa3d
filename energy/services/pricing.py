"""What the markets ask for, looked up before anybody needs it: the pages show it with its age.

Nothing is bought by these prices; a response asks anew.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q

from energy.domain import planning
from energy.domain.policy import BRINGING, Policy
from energy.domain.states import Level
from energy.models import EnergyPolicy, Purchase, Role, Wallet
from energy.offers import offers
from energy.reckoning import helpers_at
from energy.supposing import supposed

OFTEN: Final = timedelta(minutes=1)
CALM: Final = timedelta(minutes=10)
TOGETHER: Final = 4  # wallets a tick: each may take as long as the slowest market


def ask_markets(*, at: datetime) -> int:
    """For how many wallets markets were asked."""
    rows = Wallet.objects.filter(enabled=True, role=Role.HOT, failures=0, last__isnull=False)
    pressing = Q(level__gte=Level.WARNING) | Q(lasts_short=True)
    due = Q(offers_at=None) | Q(offers_at__lte=at - CALM) | pressing & Q(offers_at__lte=at - OFTEN)
    wallets = rows.filter(due).select_related("last").order_by(F("offers_at").asc(nulls_first=True))
    chosen = EnergyPolicy.now()
    return sum(_ask(wallet, chosen, at) for wallet in wallets[:TOGETHER])


def _ask(wallet: Wallet, chosen: EnergyPolicy, at: datetime) -> bool:
    """Claimed first, so that two workers do not ask the same."""
    ours = Wallet.objects.filter(pk=wallet.pk, offers_at=wallet.offers_at)
    if not ours.update(offers_at=at):
        return False
    found = offers(
        wallet.address, _wanted(wallet, chosen.plain(), at), seconds=chosen.rent_for,
        without=Purchase.objects.distrusted(),
    )  # fmt: skip
    Wallet.objects.filter(pk=wallet.pk).update(offers=[asdict(one) for one in found])
    return True


def _wanted(wallet: Wallet, policy: Policy, at: datetime) -> int:
    """What would be missing, and nothing free would bring."""
    reading = wallet.last
    if reading is None or not reading.total_weight:
        return 0
    situation, _calm = supposed(wallet, reading, helpers_at(at), policy, offers=None, at=at)
    free = planning.plan(situation, policy)
    return free.missing - sum(one.energy for one in free.steps if one.lever in BRINGING)

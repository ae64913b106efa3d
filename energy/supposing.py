"""What the plan of a wallet would be made from: as it stands, or as if it were critical, while it is not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from energy.domain.planning import Offer, Situation, Why
from energy.domain.policy import Lever, Policy
from energy.domain.states import Level
from energy.models import Reading, Wallet
from energy.reckoning import situation_of


def supposed(
    wallet: Wallet,
    reading: Reading,
    helpers: Sequence[tuple[Wallet, Reading]],
    policy: Policy,
    *,
    offers: Sequence[Offer] | None,
    at: datetime,
) -> tuple[Situation, bool]:
    """The flag: nothing would be done as it stands, so it is taken for critical. `offers`: None, not asked."""
    level = Level(wallet.confirmed)
    calm = level not in policy.levers
    taken = Level.CRITICAL if calm else level
    found = situation_of(wallet, taken, reading, helpers, at=at, offers=offers or ())
    if offers is None:
        found = replace(found, blocked={Lever.BUY_ENERGY: Why.NOT_ASKED, **found.blocked})
    if not calm:
        return found, False
    left = min(found.left, found.limit * wallet.critical_below // 100)
    return replace(found, left=left), True

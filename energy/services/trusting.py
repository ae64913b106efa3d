"""Markets that are set aside: why, since when, and what they have offered since. People bring them back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from energy.domain.trust import is_good, is_suggested
from energy.models import EnergyPolicy, Market, Purchase, PurchaseState, Role, Wallet
from energy.offers import offers, on_sale
from energy.services.losses import clear
from teams.models import User

EVERY: Final = timedelta(minutes=1)
MANY: Final = 20  # purchases of a market that are shown


@dataclass(frozen=True)
class SetAside:
    """`owed`: paid for nothing, and not cleared; `late`: it may come yet."""

    name: str
    since: datetime
    owed: Sequence[Purchase]
    late: Sequence[Purchase]
    good_quotes: int
    quoted_at: datetime | None

    @property
    def suggested(self) -> bool:
        return bool(self.owed) and is_suggested(self.good_quotes, still_owes=bool(self.late))


def set_aside() -> list[SetAside]:
    rows = (
        Purchase.objects.untrusted().select_related("wallet", "action").order_by("provider", "-pk")
    )
    known = {one.name: one for one in Market.objects.all()} if (found := list(rows)) else {}
    grouped = groupby(found, key=lambda row: row.provider)
    return [_one(name, list(of), known.get(name)) for name, of in grouped]


def _one(name: str, rows: Sequence[Purchase], market: Market | None) -> SetAside:
    since = min(row.ended_at or row.asked_at for row in rows)
    owed = [row for row in rows if row.state == PurchaseState.NEVER_CAME]
    late = [row for row in rows if row.state != PurchaseState.NEVER_CAME]
    counts = market is not None and market.since == since
    return SetAside(
        name, since, owed[:MANY], late[:MANY],
        market.good_quotes if market and counts else 0,
        market.quoted_at if market and counts else None,
    )  # fmt: skip


def ask_set_aside(*, at: datetime) -> int:
    """Prices only, which cost nothing: how many markets were asked."""
    aside = [one for one in set_aside() if one.name in on_sale()]
    wallet = _some_wallet() if aside else None
    if wallet is None:
        return 0
    return sum(_ask(one, wallet, at) for one in aside)


def _some_wallet() -> Wallet | None:
    rows = Wallet.objects.filter(enabled=True, role=Role.HOT, failures=0, last__isnull=False)
    return rows.select_related("last").order_by("pk").first()


def _ask(one: SetAside, wallet: Wallet, at: datetime) -> bool:
    """Claimed first, so that two workers count no price twice."""
    row, _made = Market.objects.get_or_create(name=one.name, defaults={"since": one.since})
    if row.since != one.since:
        row.good_quotes, row.quoted_at = 0, None
    if row.quoted_at is not None and row.quoted_at > at - EVERY:
        return False
    free = Market.objects.filter(pk=row.pk)
    ours = free.filter(quoted_at=row.quoted_at) if row.quoted_at else free
    if not ours.update(quoted_at=at, since=one.since, good_quotes=row.good_quotes):
        return False
    count = row.good_quotes + 1 if _is_good(one.name, wallet) else 0
    Market.objects.filter(pk=row.pk, since=one.since).update(good_quotes=count)
    return True


def _is_good(name: str, wallet: Wallet) -> bool:
    fee = (wallet.last.energy_fee_sun if wallet.last else None) or 0
    found = offers(
        wallet.address, wallet.transfer_energy, seconds=EnergyPolicy.now().rent_for,
        without=on_sale() - {name},
    )  # fmt: skip
    return any(is_good(one.total_sun, one.energy, fee_sun=fee) for one in found)


def bring_back(name: str, *, by: User, at: datetime) -> None:
    """All that it owes is cleared, in one; the next plan may buy from it. Raises Refused."""
    found = next((one for one in set_aside() if one.name == name), None)
    if found is None or not found.suggested:
        raise Refused(_("It is not suggested any more, or somebody else was faster."))
    with translation.override(by.language or None):
        note = _("brought back after %(count)s good prices in a row") % {"count": found.good_quotes}
    with transaction.atomic():
        for row in _by_incident(found.owed):
            clear(row, by=by, note=note, at=at)


def _by_incident(rows: Iterable[Purchase]) -> list[Purchase]:
    """In the order in which everybody locks incidents."""
    return sorted(rows, key=lambda row: (row.action.incident_id or 0, row.pk))

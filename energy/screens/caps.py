"""A wallet's own caps, and how much of each is used: what is staked from it, what is bought for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from energy.domain.policy import Lever
from energy.models import Wallet
from energy.reckoning import by_wallet
from runbooks.domain.actions import Spent


@dataclass(frozen=True)
class Cap:
    word: Promise
    sun: int
    used_sun: int | None  # None: of one action, so nothing adds up


def caps_of(wallet: Wallet, *, at: datetime) -> list[Cap]:
    """Only those that are set: without, the limits of the kinds of action hold alone."""
    return [*_stakes(wallet, at), *_purchases(wallet, at)]


def _stakes(wallet: Wallet, at: datetime) -> Iterator[Cap]:
    given = wallet.action_cap_sun, wallet.day_cap_sun, wallet.lifetime_cap_sun
    if given == (None, None, None):
        return
    spent = by_wallet(Lever.EMERGENCY_STAKING, at=at).get(wallet.pk, Spent())
    words = _("One stake at most"), _("Staked in 24 hours"), _("Staked in all")
    yield from _set(words, given, spent)


def _purchases(wallet: Wallet, at: datetime) -> Iterator[Cap]:
    given = (
        wallet.purchase_cap_sun,
        wallet.purchase_day_cap_sun,
        wallet.purchase_lifetime_cap_sun,
    )
    if given == (None, None, None):
        return
    spent = by_wallet(Lever.BUY_ENERGY, at=at).get(wallet.pk, Spent())
    words = _("One purchase at most"), _("Bought in 24 hours"), _("Bought in all")
    yield from _set(words, given, spent)


def _set(words: tuple[Promise, ...], given: tuple[int | None, ...], spent: Spent) -> Iterator[Cap]:
    for word, cap, used in zip(words, given, (None, spent.day, spent.lifetime), strict=True):
        if cap is not None:
            yield Cap(word, cap, used)

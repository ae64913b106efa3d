"""Wallets and what a node says of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from energy.domain.measuring import SUN, Seen
from energy.looking import Looked
from energy.models import Wallet

NOW = datetime(2026, 3, 2, 3, 12, tzinfo=UTC)
USDT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
OTHER = "TXLAQ63Xg1NAzckPwKHvzw7CSEmLMEqcdj"
TOTAL, WEIGHT = 180_000_000_000, 18_000_000_000
LIMIT = 10_000_000  # of the million TRX that is staked
STAKED = 1_000_000 * SUN


def hot(**fields: Any) -> Wallet:
    usual = {"name": "Hot wallet", "address": USDT, "due_at": NOW, "seen_at": NOW}
    wallet = Wallet.objects.create(**{"name": "Hot wallet", "address": USDT} | fields)
    Wallet.objects.filter(pk=wallet.pk).update(**{key: usual[key] for key in ("due_at", "seen_at")})
    return wallet


def seen(percent: float, at: datetime = NOW, **fields: Any) -> Seen:
    usual = Seen(
        head_number=70_000_000, head_at=at - timedelta(seconds=3),
        used=LIMIT - round(LIMIT * percent / 100), limit=LIMIT, total_limit=TOTAL,
        total_weight=WEIGHT, balance_sun=500_000 * SUN, staked_sun=STAKED, energy_fee_sun=100,
    )  # fmt: skip
    return replace(usual, **fields)


def saying(looked: Looked | Exception) -> Any:
    def look(_address: str) -> Looked:
        if isinstance(looked, Exception):
            raise looked
        return looked

    return look

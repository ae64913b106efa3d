"""Prices that the pages show are asked for by a worker, of the sandbox's markets."""

from datetime import timedelta

import pytest

from core import clock
from energy import looking
from energy import offers as asked
from energy.models import EnergyPolicy, Wallet
from energy.services import ask_markets
from tests.energy.ticks import watch

pytestmark = pytest.mark.django_db(transaction=True)
SOON, LONG = timedelta(seconds=61), timedelta(minutes=11)


@pytest.fixture
def shop(seeded, firm, settings, monkeypatch):
    """Nothing is idle. A crowded machine gets time to answer."""
    settings.MARKET_TIMEOUT = settings.TRON_TIMEOUT = 30.0
    monkeypatch.setattr(asked, "DEADLINE", 60.0)
    looking._prices.cache_clear()
    Wallet.objects.exclude(pk__in=[firm.hot.pk, firm.treasury.pk, firm.spare.pk]).delete()
    EnergyPolicy.objects.create()
    firm.act("drain", account="spare", left_percent=0)
    firm.act("drain", account="treasury", left_percent=0)
    watch()
    return firm


def named(shop):
    shop.hot.refresh_from_db()
    return {one["provider"] for one in shop.hot.offers}


def test_every_market_is_asked_for_what_would_be_missing_and_nothing_is_bought(shop):
    at = clock.database_now()

    assert ask_markets(at=at) == 1

    assert named(shop) == {"catfee", "tronsave", "tronzap"}
    assert shop.hot.offers_at == at
    assert all(one["total_sun"] > 0 for one in shop.hot.offers)
    assert [shop.sales(name) for name in ("catfee", "tronsave", "tronzap")] == [[], [], []]


def test_a_calm_wallet_is_asked_for_seldom_and_one_in_trouble_each_minute(shop):
    at = clock.database_now()
    assert [ask_markets(at=at + after) for after in (timedelta(0), SOON, LONG)] == [1, 0, 1]
    shop.act("drain", account="hot", left_percent=15)
    watch()
    assert [ask_markets(at=at + LONG + after) for after in (timedelta(0), SOON, SOON)] == [0, 1, 0]


def test_a_market_that_does_not_answer_has_no_price_and_keeps_no_other_from_having_one(shop):
    for fault in ("unavailable", "limited"):
        shop.trouble("markets/catfee", fault, count=9)
        ask_markets(at=clock.database_now() + LONG)
        shop.http.delete("/markets/catfee/faults")

        assert named(shop) == {"tronsave", "tronzap"}
        Wallet.objects.update(offers_at=None)


def test_of_a_wallet_that_cannot_be_measured_no_price_is_asked(shop):
    Wallet.objects.filter(pk=shop.hot.pk).update(failures=1)
    assert ask_markets(at=clock.database_now()) == 0

"""Two workers take the last of a budget at the same moment, with real purchases: one of them gets it.

The processes stay alive through all rounds. What was paid is read from the market's book, not from our rows.
"""

from datetime import timedelta

import pytest

from core import clock
from energy import looking
from energy.models import Wallet
from integrations.tron import SUN
from runbooks.models import Limits
from runbooks.services import propose, refuse
from tests.racers import Racers

pytestmark = pytest.mark.django_db(transaction=True)
JOB = "tests.energy.racing.spend"
ASKED = ("TRON_NODE_URL", "TRON_SECOND_NODE_URL", "TRONZAP_URL")
ROUNDS, ENERGY = 50, 65_000
MOST = 3 * SUN  # that one may cost; it costs less
WIDE = 10**15


@pytest.fixture
def racers(firm, settings):
    looking._prices.cache_clear()
    settings.TRON_SECOND_NODE_URL = ""
    given = {"given": {name: getattr(settings, name) for name in ASKED}}
    Limits.objects.filter(kind="energy.buy").update(
        action_cap_sun=WIDE, day_cap_sun=WIDE, lifetime_cap_sun=WIDE, cooldown=timedelta(0),
        approval_above_sun=None, second_above_sun=None,
    )  # fmt: skip
    with Racers(JOB, JOB, seed=17) as running:
        yield lambda: running.race(given, given)


def paid(firm):
    return sum(sale["paid_sun"] for sale in firm.sales("tronzap"))


def order(wallet, key):
    asked = {"wallet": wallet.pk, "name": wallet.name, "provider": "tronzap", "energy": ENERGY}
    return propose("energy.buy", key, {**asked, "seconds": 3600}, sun=MOST, at=clock.database_now())


def race(racers, number, wallets):
    """Two purchases are wanted, and there is money for one."""
    wanted = [
        order(wallet, f"{number}.{place}.{wallet.pk}") for place, wallet in enumerate(wallets)
    ]
    assert racers() == [None, None]
    for action in wanted:
        action.refresh_from_db()
        if action.is_waiting:
            refuse(action, at=clock.database_now(), reason="the next round")


@pytest.mark.parametrize("cap", ["day_cap_sun", "lifetime_cap_sun"])
def test_two_workers_never_spend_more_than_a_cap_of_the_kind(firm, racers, cap):
    """Without the lock on the limits (`runbooks` `executing`) both of them take the last of it."""
    for number in range(1, ROUNDS + 1):
        before = paid(firm)
        Limits.objects.filter(kind="energy.buy").update(**{cap: before + MOST})

        race(racers, number, [firm.hot, firm.spare])

        assert len(firm.sales("tronzap")) == number, "one of them gets it"
        assert 0 < paid(firm) - before <= MOST


@pytest.mark.parametrize("cap", ["purchase_day_cap_sun", "purchase_lifetime_cap_sun"])
def test_two_workers_never_spend_more_than_a_wallet_may_cost(firm, racers, cap):
    """Both have begun when each counts what the other may spend, so it may be that neither buys."""
    for number in range(1, ROUNDS + 1):
        before = paid(firm)
        Wallet.objects.filter(pk=firm.hot.pk).update(**{cap: before + MOST})

        race(racers, number, [firm.hot, firm.hot])

        assert paid(firm) - before <= MOST
        assert len(firm.sales("tronzap")) <= number
    assert len(firm.sales("tronzap")) > 0

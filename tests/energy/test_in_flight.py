"""What is on its way and in no reading yet: transfers in no block, and what other responses were promised."""

from datetime import timedelta

import pytest

from core import clock
from energy.domain.states import Level
from energy.models import Wallet
from energy.reckoning import helpers_at, situation_of
from energy.services import rails, rehearse
from integrations import wallet_service
from integrations.tron import SUN
from runbooks.domain.actions import State
from runbooks.models import Action, Limits
from tests.energy.test_actions import begun, lend, over, proposed, stake
from tests.energy.ticks import watch

pytestmark = pytest.mark.django_db(transaction=True)


def broadcast(shop, many):
    wish = {"rail": "trc20-usdt", "unmined": many}
    shop.http.post("/wallet-service/queue", json=wish).raise_for_status()


def test_transfers_in_no_block_are_missing_already(shop):
    shop.act("drain", account="hot", left_percent=4)
    watch()
    shop.hot.refresh_from_db()
    at = clock.database_now()
    before = rehearse(shop.hot, Level.EMERGENCY, at=at).plan.missing

    broadcast(shop, 4)

    more = rehearse(shop.hot, Level.EMERGENCY, at=at).plan.missing - before
    assert more == pytest.approx(4 * 65_000 / 0.8, abs=2)


def test_a_service_that_does_not_say_or_does_not_answer_counts_nothing(shop, settings):
    assert rails.in_flight(shop.hot) == 0
    broadcast(shop, 3)
    assert rails.in_flight(shop.hot) == 3 * 65_000
    Wallet.objects.filter(pk=shop.hot.pk).update(rails=[])
    shop.hot.refresh_from_db()
    assert rails.in_flight(shop.hot) == 0, "of all rails it is not known which take energy"
    shop.hot.rails = ["trc20-usdt"]
    shop.trouble("wallet-service", "unavailable", count=1)
    assert rails.in_flight(shop.hot) == 0
    settings.WALLET_SERVICE_URL = ""
    assert rails.in_flight(shop.hot) == 0


@pytest.mark.parametrize(
    ("said", "unmined"), [({}, 0), ({"unmined": 2}, 2), ({"unmined": 9}, 5), ({"unmined": -1}, 0)]
)
def test_no_more_are_in_flight_than_are_being_sent(said, unmined):
    rail = {"rail": "x", "queued": {}, "sending": 5, "sent": 0, "failed": 0, "holds": []}
    assert wallet_service._rail(rail | said).unmined == unmined


def means(shop, name):
    at = clock.database_now()
    shop.hot.refresh_from_db()
    found = situation_of(shop.hot, Level.CRITICAL, shop.hot.last, helpers_at(at), at=at)
    return next(one for one in found.helpers if one.key == getattr(shop, name).pk)


def test_what_another_response_will_lend_is_idle_no_more(shop):
    watch()
    idle = means(shop, "spare").idle_sun

    action = lend(shop, 50_000 * SUN)
    assert means(shop, "spare").idle_sun == idle - 50_000 * SUN

    over(shop, begun(action))
    assert means(shop, "spare").idle_sun == idle - 50_000 * SUN, "no reading shows it yet"
    watch()
    assert means(shop, "spare").idle_sun == pytest.approx(idle - 50_000 * SUN, abs=SUN)


def test_what_another_response_will_stake_is_reserved_once(shop):
    watch()
    assert means(shop, "treasury").reserved_sun == 0

    action = stake(shop, 5_000 * SUN)
    assert means(shop, "treasury").reserved_sun == 5_000 * SUN

    over(shop, begun(action))
    watch()
    assert means(shop, "treasury").reserved_sun == 0


def test_what_only_waits_for_people_is_promised_to_nobody(shop):
    watch()
    Limits.objects.filter(kind="energy.stake").update(second_above_sun=0)
    action = stake(shop, 5_000 * SUN)
    assert Action.objects.get(pk=action.pk).state == State.PROPOSED
    assert means(shop, "treasury").reserved_sun == 0


def test_unstakes_are_cancelled_once_and_what_is_over_is_money_already(shop):
    shop.act("unstake", account="treasury", trx=300_000)
    shop.act("unstake", account="treasury", trx=50_000, days_ago=15)
    watch()
    assert means(shop, "treasury").unstaking_sun == 300_000 * SUN

    proposed("energy.cancel_unstakes", wallet=shop.treasury.pk, name="treasury")

    assert means(shop, "treasury").unstaking_sun == 0


def test_an_action_of_long_ago_is_in_every_reading(shop):
    watch()
    action = over_long_ago(shop)
    assert means(shop, "spare").idle_sun == pytest.approx(300_000 * SUN, rel=0.01), action.state


def over_long_ago(shop):
    action, ago = lend(shop, 50_000 * SUN), clock.database_now() - timedelta(hours=1)
    Action.objects.filter(pk=action.pk).update(state=State.CONFIRMED, began_at=ago, ended_at=ago)
    return action

"""A shortage in one piece: warned of, rented against, staked against, over, and told with what it cost."""

import pytest

from core import clock
from energy.domain.states import State
from energy.models import Response, Wallet
from incidents.models import Incident
from incidents.services import resolve
from integrations.tron import SUN
from postmortems.services import draft
from runbooks.models import Limits
from teams.models import User
from tests.energy.shortage import drained, results, told
from tests.energy.ticks import around, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def test_rented_in_an_emergency_paused_and_staked_when_critical_and_all_of_it_told(shop):
    nothing_idle_and_little_money_for_markets(shop)
    shop.act("drain", account="hot", left_percent=12)
    around()
    around()
    shop.hot.refresh_from_db()
    assert (shop.hot.state, Response.objects.count()) == (State.WARNING, 0)

    response = drained(shop, 3)
    until(lambda: ("BUY_ENERGY", "done") in results(response))
    rented = shop.account("hot")["acquired"]
    assert rented > 0, "on the chain"
    assert [hold["scope"] for hold in shop.rail()["holds"]] == ["low"]

    shop.act("drain", account="hot", left_percent=0.2)
    until(lambda: ("PAUSE_WITHDRAWALS", "done") in results(response))
    until(lambda: ("EMERGENCY_STAKING", "done") in results(response))
    until(lambda: ("DELEGATE_ENERGY", "done") in results(response))
    stake = response.steps.get(lever="EMERGENCY_STAKING", action__state="confirmed")
    treasury = shop.account("treasury")
    assert treasury["staked"] + treasury["delegated"] == 400_000 * SUN + stake.sun
    assert shop.account("hot")["acquired"] > rented

    until(lambda: Response.objects.filter(ended_at__isnull=False).exists())
    assert shop.rail()["holds"] == []
    is_told_with_its_costs(shop, response)


def nothing_idle_and_little_money_for_markets(shop):
    Wallet.objects.filter(pk=shop.spare.pk).update(enabled=False)
    shop.act("drain", account="treasury", left_percent=0)
    Limits.objects.filter(kind="energy.buy").update(action_cap_sun=20 * SUN, day_cap_sun=20 * SUN)
    Limits.objects.filter(kind="energy.stake").update(second_above_sun=None)


def is_told_with_its_costs(shop, response):
    incident, response = Incident.objects.get(), Response.objects.get(pk=response.pk)
    paid = sum(
        sale["paid_sun"] for name in ("tronzap", "catfee", "tronsave") for sale in shop.sales(name)
    )
    assert 0 < response.cost_sun == paid <= 20 * SUN
    kinds = told(incident)
    order = ["energy_response_begun", "energy_response_reported", "energy_response_over"]
    assert [kind for kind in kinds if kind in order][:1] == order[:1]
    assert kinds.index(order[1]) < kinds.index(order[2])
    over = incident.timeline.get(kind="energy_response_over").data
    commander = User.objects.get(username="commander")
    resolve(incident, by=commander, at=clock.database_now())
    incident.refresh_from_db()
    assert over["trx"] in draft(incident, by=commander, at=clock.database_now()).summary

"""Each kind of action against the real chain, markets and wallet service of the sandbox."""

import time
from datetime import timedelta

import pytest

from core import clock
from core.errors import Refused
from core.money import trx
from energy import looking
from energy.domain.policy import Lever
from energy.models import ChainTransaction, Purchase, PurchaseState
from energy.offers import offers
from energy.reckoning import by_wallet
from energy.services import buying, clear, settle_open
from energy.services.moving import key_of
from integrations.tron import SUN, Delegate
from monitoring.models import Alert
from runbooks.domain.actions import Spent, State
from runbooks.models import Action, Limits
from runbooks.registry import LEASE, actions
from runbooks.services import execute_next, propose, reconcile_due
from teams.models import User

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30.0
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def prices():
    looking._prices.cache_clear()


def proposed(kind, sun=0, key="k1", **parameters):
    return propose(kind, key, parameters, sun=sun, at=clock.database_now())


def hold(rail="trc20-usdt", key="k1", kind="withdrawals.pause", **more):
    return proposed(kind, key=key, rail=rail, reason="short of energy", **more)


def stake(firm, sun=1_000 * SUN, key="k1"):
    given = {"wallet": firm.treasury.pk, "name": "treasury", "share_percent": 80}
    return proposed("energy.stake", sun, key, **given)


def lend(firm, sun=50_000 * SUN, key="k1", of="spare"):
    helper = getattr(firm, of)
    return proposed(
        "energy.delegate", key=key, wallet=helper.pk, name=of, receiver=firm.hot.pk,
        receiver_name="hot", lend_sun=sun,
    )  # fmt: skip


def order(firm, provider="catfee", energy=100_000, sun=8 * SUN, key="k1"):
    return proposed(
        "energy.buy", sun, key, wallet=firm.hot.pk, name="hot", provider=provider, energy=energy,
        seconds=3600,
    )  # fmt: skip


def begun(action):
    """Executed once, whatever comes of it."""
    assert execute_next(at=clock.database_now(), after=action.pk - 1) == action.pk
    action.refresh_from_db()
    return action


def over(firm, action):
    """As the ticks would do it, until it is over."""
    until = time.monotonic() + PATIENCE
    while not action.is_over:
        assert time.monotonic() < until, (action.state, action.text)
        settle_open(node=firm.node, at=clock.database_now())
        Action.objects.filter(pk=action.pk).update(look_at=None)
        reconcile_due(at=clock.database_now())
        action.refresh_from_db()
        time.sleep(0.1)
    return State(action.state)


def later(action, **ago):
    """As if it had begun so long ago."""
    moment = clock.database_now() - timedelta(**ago)
    Action.objects.filter(pk=action.pk).update(began_at=moment)
    Purchase.objects.filter(action=action).update(asked_at=moment)


def killed(action):
    """Begun, and its worker died before the first line of its execution."""
    at = clock.database_now() - LEASE
    Action.objects.filter(pk=action.pk).update(
        state=State.EXECUTING, began_at=at, lease="0" * 32, lease_until=at
    )
    reconcile_due(at=clock.database_now())
    action.refresh_from_db()
    return action


# Withdrawals


def test_a_pause_is_read_back_and_lifted_by_its_key_alone(firm):
    assert begun(hold()).state == State.CONFIRMED
    begun(hold(key="somebody else's"))
    assert {one["key"] for one in firm.rail()["holds"]} == {"k1", "somebody else's"}

    lifted = proposed(
        "withdrawals.resume", key="k2", rail="trc20-usdt", hold="k1", reason="energy is back"
    )

    assert begun(lifted).state == State.CONFIRMED
    assert [one["key"] for one in firm.rail()["holds"]] == ["somebody else's"]


def test_low_priority_is_held_and_the_pace_of_the_others(firm):
    assert begun(hold(kind="withdrawals.hold_low", per_minute=30)).state == State.CONFIRMED
    (held,) = firm.rail()["holds"]
    assert (held["scope"], held["per_minute"]) == ("low", 30)


@pytest.mark.parametrize("fault", ["lose_reply", "garbage", "unavailable", "limited"])
def test_a_wallet_service_in_trouble_is_asked_again_with_the_same_key(firm, fault):
    firm.trouble("wallet-service", fault, match="pause")
    assert begun(hold()).state == State.CONFIRMED
    assert len(firm.rail()["holds"]) == 1


def test_a_pause_that_is_only_said_has_failed(firm):
    firm.trouble("wallet-service", "ignored", count=3)
    assert begun(hold()).state == State.FAILED


def test_a_refused_pause_has_failed(firm):
    firm.trouble("wallet-service", "rejected", match="pause")
    assert begun(hold()).state == State.FAILED


def test_an_unanswered_pause_is_looked_for(firm):
    firm.trouble("wallet-service", "lose_reply", match="pause", count=3)
    action = begun(hold())
    assert action.state == State.UNKNOWN

    assert over(firm, action) is State.CONFIRMED


def test_a_pause_that_never_arrived_has_failed_once_it_cannot_arrive_any_more(firm):
    firm.trouble("wallet-service", "unavailable", count=3)
    action = begun(hold())
    assert actions["withdrawals.pause"].reconcile(action) is None
    later(action, seconds=61)

    assert over(firm, action) is State.FAILED
    assert firm.rail()["holds"] == []


# The chain


def test_a_stake_is_one_transaction_and_confirmed_by_the_solid_chain(firm):
    action = begun(stake(firm))

    assert over(firm, action) is State.CONFIRMED

    assert firm.account("treasury")["staked"] == 401_000 * SUN
    assert action.facts["txid"] == ChainTransaction.objects.get(key=key_of(action)).txid
    assert action.facts["block"]


def test_a_stake_that_the_balance_does_not_bear_any_more_is_not_made(firm):
    firm.act("fund", account="treasury", trx=-2_400_000)  # 100,000 are left

    Limits.objects.update(cooldown=timedelta(0))
    assert begun(stake(firm, 80_001 * SUN)).state == State.FAILED
    assert over(firm, begun(stake(firm, 80_000 * SUN, key="k2"))) is State.CONFIRMED


@pytest.mark.parametrize("node", ["tron", "tron2"])
def test_nothing_moves_when_a_node_is_wrong_or_the_two_do_not_agree(firm, node):
    firm.trouble(node, "error_body", count=50)
    try:
        assert begun(stake(firm)).state == State.FAILED
        assert begun(order(firm)).state == State.FAILED
    finally:
        firm.http.delete(f"/{node}/faults")
    assert not ChainTransaction.objects.exists()
    assert firm.sales("catfee") == []


def test_idle_energy_is_lent_as_far_as_it_is_idle(firm):
    action = begun(lend(firm, 900_000 * SUN))

    assert over(firm, action) is State.CONFIRMED
    assert firm.account("hot")["acquired"] == 300_000 * SUN


def test_a_wallets_own_caps_hold_for_what_was_staked_from_it_before(firm):
    firm.treasury.action_cap_sun, firm.treasury.day_cap_sun = 2_000 * SUN, 2_500 * SUN
    firm.treasury.save()
    Limits.objects.filter(kind="energy.stake").update(cooldown=timedelta(0))

    assert begun(stake(firm, 2_001 * SUN)).state == State.FAILED
    assert over(firm, begun(stake(firm, 2_000 * SUN, key="k2"))) is State.CONFIRMED
    assert begun(stake(firm, 501 * SUN, key="k3")).state == State.FAILED
    assert over(firm, begun(stake(firm, 500 * SUN, key="k4"))) is State.CONFIRMED


def test_a_wallets_own_caps_hold_for_what_was_bought_for_it_before(firm):
    firm.hot.purchase_cap_sun, firm.hot.purchase_day_cap_sun = 30 * SUN, 50 * SUN
    firm.hot.save()

    def bought(key, trx):
        return begun(order(firm, sun=trx * SUN, key=key))

    assert bought("k1", 31).state == State.FAILED
    assert over(firm, bought("k2", 30)) is State.CONFIRMED
    paid = Action.objects.get(key="k2").sun
    assert bought("k3", 50 - paid // SUN + 1).state == State.FAILED
    assert len(firm.sales("catfee")) == 1


def test_what_waits_to_be_money_is_staked_again(firm):
    nothing = proposed("energy.cancel_unstakes", wallet=firm.treasury.pk, name="treasury")
    assert begun(nothing).state == State.FAILED
    firm.act("unstake", account="treasury", trx=300_000)

    again = proposed("energy.cancel_unstakes", key="k2", wallet=firm.treasury.pk, name="treasury")

    assert over(firm, begun(again)) is State.CONFIRMED
    assert firm.account("treasury")["staked"] == 400_000 * SUN


def test_another_transaction_of_the_wallet_has_to_end_first(firm):
    first, second = stake(firm), stake(firm, key="k2")
    Limits.objects.update(cooldown=timedelta(0))
    assert begun(first).state in {State.UNKNOWN, State.CONFIRMED}
    if first.state == State.UNKNOWN:
        assert begun(second).state == State.FAILED


def test_who_died_before_planning_has_done_nothing_and_never_will(firm):
    action = killed(stake(firm))

    assert over(firm, action) is State.FAILED

    late = ChainTransaction.objects.get(key=key_of(action))
    settle_open(node=firm.node, at=clock.database_now())
    assert late.state == "dead", "a worker that wakes up again finds its key used up"
    assert firm.account("treasury")["staked"] == 400_000 * SUN


# Markets


@pytest.mark.parametrize("provider", ["catfee", "tronsave", "tronzap"])
def test_a_purchase_is_over_when_the_chain_has_it_and_costs_what_was_paid(firm, provider):
    action = begun(order(firm, provider))

    assert over(firm, action) is State.CONFIRMED

    (sale,) = firm.sales(provider)
    assert action.sun == sale["paid_sun"]
    assert action.facts["energy"] == 100_000
    assert Purchase.objects.get().state == PurchaseState.ARRIVED


def test_a_market_dearer_than_proposed_is_not_bought_from(firm):
    firm.trouble("markets/catfee", "dear", count=9)
    assert begun(order(firm)).state == State.FAILED
    assert firm.sales("catfee") == []


@pytest.mark.parametrize("provider", ["catfee", "tronsave", "tronzap"])
@pytest.mark.parametrize("fault", ["lose_reply", "breaks_after", "garbage"])
def test_a_lost_answer_is_one_purchase(firm, provider, fault):
    firm.trouble(f"markets/{provider}", fault)
    action = begun(order(firm, provider))
    assert action.state == State.UNKNOWN

    assert over(firm, action) is State.CONFIRMED
    assert len(firm.sales(provider)) == 1


def test_a_refusal_costs_nothing(firm):
    firm.trouble("markets/catfee", "rejected")
    assert begun(order(firm)).state == State.FAILED
    assert Purchase.objects.get().state == PurchaseState.NOT_BOUGHT


def test_what_is_paid_and_never_comes_stays_open_then_counts_as_spent(firm):
    firm.trouble("markets/catfee", "undelivered")
    action = begun(order(firm))
    assert action.state == State.UNKNOWN
    later(action, seconds=61)
    assert actions["energy.buy"].reconcile(action) is None
    assert Purchase.objects.get().state == PurchaseState.LATE, "another market may be asked"
    later(action, minutes=16)

    assert over(firm, action) is State.LOST

    assert action.facts["energy"] == 0
    assert action.sun == firm.sales("catfee")[0]["paid_sun"]
    assert Purchase.objects.get().state == PurchaseState.NEVER_CAME
    assert trx(action.sun) in action.text
    assert Action.objects.before(Action(kind="energy.buy"), now=clock.database_now()).spent == (
        Spent(action.sun, action.sun)
    )
    assert by_wallet(Lever.BUY_ENERGY, at=clock.database_now())[firm.hot.pk].day == action.sun
    (alert,) = Alert.objects.open().filter(group="energy:market:catfee")
    assert trx(action.sun) in alert.title


def test_a_market_that_owes_energy_sells_nothing_until_a_person_clears_it(firm):
    firm.trouble("markets/catfee", "undelivered")
    action = begun(order(firm))
    later(action, minutes=16)
    over(firm, action)

    assert begun(order(firm, key="k2")).state == State.FAILED
    assert len(firm.sales("catfee")) == 1
    assert offers(firm.hot.address, 100_000, seconds=HOUR, without=Purchase.objects.distrusted())

    person = User.objects.create(username="finance", email="finance@example.com")
    clear(Purchase.objects.owed().get(), by=person, note="paid back", at=clock.database_now())

    assert not Alert.objects.open().filter(group="energy:market:catfee").exists()
    assert over(firm, begun(order(firm, key="k3"))) is State.CONFIRMED
    with pytest.raises(Refused):
        clear(action.purchase, by=person, note="again", at=clock.database_now())
    assert action.sun <= by_wallet(Lever.BUY_ENERGY, at=clock.database_now())[firm.hot.pk].day


def test_who_died_after_giving_up_gives_up_with_the_same_words_and_one_alert(firm):
    firm.trouble("markets/catfee", "undelivered")
    action = begun(order(firm))
    later(action, minutes=16)

    first, second = (actions["energy.buy"].reconcile(action) for _ in range(2))

    assert str(first.text) == str(second.text)
    assert (first.state, first.sun, first.facts) == (second.state, second.sun, second.facts)
    assert Alert.objects.filter(group="energy:market:catfee").count() == 1


def test_half_a_delivery_is_told_as_half(firm):
    firm.trouble("markets/tronsave", "partial")
    action = begun(order(firm, "tronsave", energy=200_000, sun=20 * SUN))
    assert action.state == State.UNKNOWN
    later(action, seconds=61)

    assert over(firm, action) is State.CONFIRMED
    assert action.facts["energy"] == pytest.approx(100_000, rel=0.01)


def test_energy_lent_meanwhile_is_not_taken_for_an_order_that_never_came(firm):
    """Without `elsewhere` in `arrived_sun` the delegation below would confirm the purchase."""
    firm.trouble("markets/catfee", "undelivered")
    action = begun(order(firm))

    over(firm, begun(lend(firm, key="k2")))

    assert actions["energy.buy"].reconcile(action) is None
    assert action.state == State.UNKNOWN


def test_a_buyer_who_died_before_asking_has_bought_nothing_and_never_will(firm):
    action = killed(order(firm))

    assert over(firm, action) is State.FAILED

    assert buying._written(action, firm.hot, *_asked(firm)) is None
    assert firm.sales("catfee") == []


def _asked(firm):
    from energy.looking import look
    from energy.registry import providers

    seen = look(firm.hot.address).seen
    return providers["catfee"].quote(firm.hot.address, 100_000, 3600), seen, []


def test_only_wallets_of_ours_are_lent_to(firm):
    with pytest.raises(ValueError, match="owner"):
        Delegate(firm.spare.address, SUN, receiver=firm.spare.address)
    action = proposed(
        "energy.delegate", wallet=firm.spare.pk, name="x", receiver=10**6, receiver_name="?",
        lend_sun=SUN,
    )  # fmt: skip
    begun(action)
    assert not ChainTransaction.objects.exists()


def test_every_kind_says_what_it_does(firm):
    for action in (hold(), stake(firm), lend(firm), order(firm)):
        assert str(action)

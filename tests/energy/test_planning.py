from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from energy.domain.measuring import SUN
from energy.domain.planning import Helper, Offer, Situation, Why, missing_energy, plan
from energy.domain.policy import Lever, Policy
from energy.domain.states import Level
from runbooks.domain.actions import Caps, Limits, Spent, people_needed

POLICY = Policy()
SHORT = Situation(
    Level.CRITICAL, left=50_000, limit=10_000_000, total_limit=180_000_000_000,
    total_weight=19_100_000_000, energy_fee_sun=100,
)  # fmt: skip
RICH = replace(SHORT, helpers=[Helper(1, 2_000_000 * SUN)])
COSTLY = (Lever.BUY_ENERGY, Lever.EMERGENCY_STAKING)


def helped(situation=SHORT, **means):
    return replace(situation, helpers=[Helper(**means)])


def levers(found):
    return [step.lever for step in found.steps]


def step(found, lever):
    return next(one for one in found.steps if one.lever is lever)


def test_a_critical_wallet_pauses_first_and_stakes_only_what_nothing_else_brings():
    situation = replace(
        helped(balance_sun=2_000_000 * SUN, idle_sun=50_000 * SUN, unstaking_sun=20_000 * SUN),
        offers=[Offer("tronsave", 500_000, 500_000 * 64)],
    )  # fmt: skip

    found = plan(situation, POLICY)

    assert levers(found) == [
        Lever.PAUSE_WITHDRAWALS, Lever.DELEGATE_ENERGY, Lever.CANCEL_UNSTAKES, Lever.BUY_ENERGY,
        Lever.EMERGENCY_STAKING,
    ]  # fmt: skip
    assert found.missing == 2_437_500, "a fifth of the limit as it will be then"
    assert found.still_missing == 0
    stake = step(found, Lever.EMERGENCY_STAKING)
    assert stake.energy == pytest.approx(2_437_500 - 70_000 * 9.424 - 500_000, abs=20)


def test_what_suffices_leaves_the_rest_unused():
    found = plan(helped(balance_sun=2_000_000 * SUN, idle_sun=1_000_000 * SUN), POLICY)

    assert levers(found) == [Lever.PAUSE_WITHDRAWALS, Lever.DELEGATE_ENERGY]
    assert found.unused[Lever.EMERGENCY_STAKING] is Why.ENOUGH
    assert found.sun == 0


@pytest.mark.parametrize(("left", "missing"), [(1_950_000, 0), (1_940_000, 75_000), (0, 2_500_000)])
def test_a_trifle_is_not_missed(left, missing):
    assert missing_energy(replace(SHORT, limit=10_000_000, left=left), POLICY) == missing


def test_nothing_is_missing_but_withdrawals_are_held_all_the_same():
    found = plan(replace(SHORT, left=9_000_000), POLICY)
    assert levers(found) == [Lever.PAUSE_WITHDRAWALS]


@pytest.mark.parametrize("level", [Level.OK, Level.WARNING])
def test_a_level_without_levers_does_nothing(level):
    assert plan(replace(RICH, level=level), POLICY).steps == ()


def test_an_emergency_holds_what_can_wait_buys_and_only_prepares_a_stake():
    situation = replace(RICH, level=Level.EMERGENCY, offers=[Offer("catfee", 65_000, 65_000 * 60)])

    found = plan(situation, POLICY)

    assert levers(found) == [Lever.HOLD_WITHDRAWALS, Lever.BUY_ENERGY, Lever.EMERGENCY_STAKING]
    assert step(found, Lever.EMERGENCY_STAKING).approval
    assert not step(found, Lever.BUY_ENERGY).approval


def test_the_manuals_amount_is_eighty_per_cent_of_the_available_trx_and_a_million_at_most():
    wide = Policy(
        limits={
            lever: Limits(Caps(10**15, 10**15, 10**15), second_above_sun=100_000 * SUN)
            for lever in COSTLY
        },
        restore_percent=100,
    )
    huge = replace(SHORT, limit=100_000_000)

    poor = step(plan(helped(huge, balance_sun=100_000 * SUN), wide), Lever.EMERGENCY_STAKING)
    rich = step(plan(helped(huge, balance_sun=9_000_000 * SUN), wide), Lever.EMERGENCY_STAKING)

    assert poor.sun == 80_000 * SUN
    assert rich.sun == 1_000_000 * SUN
    assert rich.approval


@pytest.mark.parametrize(
    ("situation", "why"),
    [
        (helped(balance_sun=1_000 * SUN), Why.RESERVE),
        (helped(balance_sun=0), Why.RESERVE),
        (SHORT, Why.NO_TREASURY),
        (
            replace(RICH, spent={Lever.EMERGENCY_STAKING: Spent(10**12, 10**12)}),
            Why.CAP_REACHED,
        ),
    ],
)
def test_why_nothing_is_staked_is_said(situation, why):
    assert plan(situation, POLICY).unused[Lever.EMERGENCY_STAKING] is why


def test_energy_dearer_than_burning_is_not_bought():
    found = plan(replace(SHORT, offers=[Offer("dear", 500_000, 500_000 * 101)]), POLICY)
    assert found.unused[Lever.BUY_ENERGY] is Why.TOO_DEAR


def test_the_cheapest_is_bought_first_and_the_next_brings_the_rest():
    offers = [Offer("b", 2_000_000, 2_000_000 * 90), Offer("a", 1_000_000, 1_000_000 * 60)]

    bought = [
        (one.provider, one.energy)
        for one in plan(replace(SHORT, offers=offers), POLICY).steps
        if one.lever is Lever.BUY_ENERGY
    ]

    assert bought == [("a", 1_000_000), ("b", 1_437_500)]


def test_a_budget_buys_what_it_can_and_no_less_than_a_market_sells():
    policy = replace(
        POLICY,
        limits=POLICY.limits | {Lever.BUY_ENERGY: Limits(Caps(5 * SUN, 5 * SUN, 5 * SUN))},
    )
    small = plan(replace(SHORT, offers=[Offer("a", 1_000_000, 60 * SUN)]), policy)
    least = plan(replace(SHORT, offers=[Offer("a", 1_000_000, 60 * SUN, least=100_000)]), policy)

    assert step(small, Lever.BUY_ENERGY).sun <= 5 * SUN
    assert least.unused[Lever.BUY_ENERGY] is Why.CAP_REACHED


@pytest.mark.parametrize(
    "wrong",
    [
        {"share_percent": 81}, {"price_percent": 101}, {"most_sun": 1_000_001 * SUN}, {"restore_percent": 0},
        {"limits": {}}, {"limits": {lever: Limits() for lever in Lever}},
    ],
)  # fmt: skip
def test_a_policy_that_breaks_the_manual_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        Policy(**wrong)


sun = st.integers(0, 3_000_000 * SUN)
energy = st.integers(0, 200_000_000)
spent = st.builds(Spent, sun, sun)
caps = st.builds(Caps, sun, sun, sun)
offers = st.lists(
    st.builds(
        Offer, st.sampled_from("abc"), st.integers(1, 50_000_000), st.integers(0, 10_000 * SUN),
        st.integers(1, 200_000),
    ),
    max_size=4,
)  # fmt: skip
helpers = st.lists(
    st.builds(Helper, st.integers(1, 9), sun, sun, sun, sun, sun, st.none() | sun),
    max_size=3,
    unique_by=lambda one: one.key,
)
blocked = st.dictionaries(st.sampled_from(Lever), st.just(Why.WAITS), max_size=2)
situations = st.builds(
    Situation, st.sampled_from(Level), energy, energy, st.just(180_000_000_000),
    st.integers(1_000_000, 30_000_000_000), st.integers(1, 500), helpers, offers,
    st.dictionaries(st.sampled_from(Lever), spent), blocked, own_caps=st.none() | caps, bought=spent,
    in_flight=energy,
)  # fmt: skip
limits = st.builds(
    Limits, caps, approval_above_sun=st.none() | sun, second_above_sun=st.none() | sun
)
policies = st.builds(
    Policy, limits=st.fixed_dictionaries(dict.fromkeys(COSTLY, limits)),
    restore_percent=st.integers(1, 100), share_percent=st.integers(0, 80),
    most_sun=st.integers(0, 1_000_000 * SUN), price_percent=st.integers(0, 100),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(situations, policies)
def test_no_plan_ever_exceeds_a_cap_a_price_or_the_reserve(situation, policy):
    found = plan(situation, policy)

    means = {helper.key: helper for helper in situation.helpers}
    for lever in COSTLY:
        amounts = [one.sun for one in found.steps if one.lever is lever]
        before, limit = situation.spent.get(lever, Spent()), policy.limits[lever].caps
        assert all(0 < amount <= limit.action or amount == 0 for amount in amounts)
        assert not sum(amounts) or before.day + sum(amounts) <= limit.day
        assert not sum(amounts) or before.lifetime + sum(amounts) <= limit.lifetime
        if lever is Lever.BUY_ENERGY and (own := situation.own_caps):
            before = situation.bought
            assert all(amount <= own.action for amount in amounts)
            assert not sum(amounts) or before.day + sum(amounts) <= own.day
            assert not sum(amounts) or before.lifetime + sum(amounts) <= own.lifetime
    for one in found.steps:
        if one.lever is Lever.EMERGENCY_STAKING:
            available = means[one.helper].balance_sun - means[one.helper].reserved_sun
            assert one.sun <= policy.most_sun <= 1_000_000 * SUN
            assert one.sun * 100 <= available * policy.share_percent <= available * 80
            assert available - one.sun >= means[one.helper].reserve_sun
            own = means[one.helper].allowed_sun
            assert own is None or one.sun <= own
            assert one.sun % SUN == 0
            assert one.sun <= situation.sun_for(found.missing)
        if one.lever is Lever.BUY_ENERGY:
            # A share of an offer is rounded up by less than one sun.
            fair = one.energy * situation.energy_fee_sun * policy.price_percent
            assert (one.sun - 1) * 100 <= fair
        if one.lever is Lever.DELEGATE_ENERGY:
            assert one.sun <= means[one.helper].idle_sun
        if one.lever in COSTLY and people_needed(one.sun, policy.limits[one.lever]):
            assert one.approval
        assert one.lever not in situation.blocked
    assert found.missing == missing_energy(situation, policy)
    assert 0 <= found.still_missing <= found.missing


@settings(max_examples=200, deadline=None)
@given(situations, policies)
def test_each_lever_is_either_used_or_said_why_not(situation, policy):
    found = plan(situation, policy)
    used = {one.lever for one in found.steps}
    assert used | set(found.unused) == set(policy.levers.get(situation.level, ()))
    assert not used & set(found.unused)


@pytest.mark.parametrize(
    ("in_flight", "missing"), [(0, 75_000), (140_000, 250_000), (10**9, 2_500_000)]
)
def test_what_is_broadcast_and_in_no_block_is_as_good_as_used(in_flight, missing):
    short = replace(SHORT, limit=10_000_000, left=1_940_000, in_flight=in_flight)
    assert missing_energy(short, POLICY) == missing


@settings(max_examples=200, deadline=None)
@given(situations, policies, energy)
def test_more_in_flight_never_means_that_less_is_missing(situation, policy, more):
    later = replace(situation, in_flight=situation.in_flight + more)
    assert missing_energy(later, policy) >= missing_energy(situation, policy)


def test_a_wallets_own_caps_bound_its_stake_and_another_that_may_more_is_asked():
    capped = Helper(1, 2_000_000 * SUN, allowed_sun=1_000 * SUN)
    found = plan(replace(SHORT, helpers=[capped]), POLICY)
    assert step(found, Lever.EMERGENCY_STAKING).sun == 1_000 * SUN

    poorer = Helper(2, 100_000 * SUN)
    found = plan(replace(SHORT, helpers=[capped, poorer]), POLICY)
    assert step(found, Lever.EMERGENCY_STAKING).helper == 2

    spent = plan(replace(SHORT, helpers=[replace(capped, allowed_sun=0)]), POLICY)
    assert spent.unused[Lever.EMERGENCY_STAKING] is Why.CAP_REACHED


def test_a_wallets_own_caps_bound_what_is_bought_for_it():
    offers = [Offer("a", 1_000_000, 60 * SUN), Offer("b", 1_000_000, 70 * SUN)]
    capped = replace(SHORT, offers=offers, own_caps=Caps(50 * SUN, 80 * SUN, 500 * SUN))

    bought = [one.sun for one in plan(capped, POLICY).steps if one.lever is Lever.BUY_ENERGY]
    assert bought == [pytest.approx(50 * SUN, abs=100), pytest.approx(30 * SUN, abs=100)]

    spent = replace(capped, bought=Spent(0, 500 * SUN))
    assert plan(spent, POLICY).unused[Lever.BUY_ENERGY] is Why.CAP_REACHED

"""Each field that people can change says which way it goes; a new one without a rule fails here."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy.domain.loosening import BORN_WITH, CLOSED, POLICY, WALLET
from energy.models import EnergyPolicy, Wallet
from runbooks.domain.loosening import LIMITS, Direction, more, nothing, split
from runbooks.models import Limits

RULES = {Limits: LIMITS, Wallet: WALLET, EnergyPolicy: POLICY}
NO_MONEY = {
    "kind", "name", "service", "pays", "period", "hasty_period", "warning_below", "warning_until",
    "runway_below", "worst_runway_below", "rental_notice", "review_stakes_after",
}  # fmt: skip
PAUSE, DELEGATE, BUY, STAKE = (
    "PAUSE_WITHDRAWALS", "DELEGATE_ENERGY", "BUY_ENERGY", "EMERGENCY_STAKING",
)  # fmt: skip
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# By field: a value, and one that loosens it.
LOOSER = [
    (LIMITS, "mode", "off", "shadow"),
    (LIMITS, "mode", "shadow", "on"),
    (LIMITS, "mode", "off", "on"),
    (LIMITS, "action_cap_sun", 0, 1),
    (LIMITS, "day_cap_sun", 10, 11),
    (LIMITS, "lifetime_cap_sun", 10, 11),
    (LIMITS, "cooldown", HOUR, MINUTE),
    (LIMITS, "approval_above_sun", 10, 11),
    (LIMITS, "approval_above_sun", 10, None),
    (LIMITS, "second_above_sun", 0, None),
    (LIMITS, "second_above_sun", 10, 11),
    (LIMITS, "valid_for", MINUTE, HOUR),
    (WALLET, "enabled", False, True),
    (WALLET, "transfer_energy", 65_000, 1),
    (WALLET, "emergency_below", 5, 6),
    (WALLET, "emergency_until", 8, 9),
    (WALLET, "critical_below", 1, 2),
    (WALLET, "critical_until", 10, 11),
    (WALLET, "rails", ["trc20"], ["trc20", "trx"]),
    (WALLET, "rails", ["trc20"], []),
    *((WALLET, cap, 10, 11) for cap in CLOSED),
    *((WALLET, cap, 0, None) for cap in CLOSED),
    (WALLET, "reserve_sun", 1_000, 999),
    (POLICY, "emergency_prepared", [STAKE], []),
    (POLICY, "restore_percent", 20, 21),
    (POLICY, "share_percent", 79, 80),
    (POLICY, "most_sun", 10, 11),
    (POLICY, "price_percent", 90, 91),
    (POLICY, "rent_for", MINUTE, HOUR),
    (POLICY, "resume_percent", 10, 9),
    (POLICY, "resume_runway", HOUR, MINUTE),
    (POLICY, "paused_for", HOUR, MINUTE),
    (POLICY, "critical", [DELEGATE, BUY], [DELEGATE, BUY, STAKE]),
]
# Both ways: other money than before.
OTHER = [
    (WALLET, "address", "T1", "T2"),
    (WALLET, "role", "hot", "treasury"),
    (WALLET, "rails", ["trc20"], ["trx"]),
    (POLICY, "critical", [BUY, STAKE], [STAKE, BUY]),
    (POLICY, "emergency", [BUY, STAKE], [STAKE, BUY]),
    (POLICY, "emergency_prepared", [STAKE], [BUY]),
]


@pytest.mark.parametrize("model", RULES)
def test_every_field_that_people_change_has_a_rule(model):
    changed_by_people = {
        field.name for field in model._meta.fields if field.editable and not field.primary_key
    }

    assert changed_by_people == set(RULES[model]), "say in the domain which way the new one goes"


@pytest.mark.parametrize("rules", RULES.values())
def test_every_field_is_in_the_tables_below_or_moves_no_money(rules):
    judged = {name for table, name, *_values in LOOSER + OTHER if table is rules}
    free = {name for name, rule in rules.items() if rule is nothing}

    assert judged | free == set(rules)
    assert free <= NO_MONEY
    assert not [name for name in free if name.endswith("_sun")]


@pytest.mark.parametrize(("rules", "name", "tight", "loose"), LOOSER)
def test_what_loosens_one_way_tightens_the_other(rules, name, tight, loose):
    assert rules[name](tight, loose) is Direction.LOOSENS
    assert rules[name](loose, tight) is Direction.TIGHTENS
    assert rules[name](tight, tight) is Direction.NEUTRAL


@pytest.mark.parametrize(("rules", "name", "one", "other"), OTHER)
def test_what_means_other_money_loosens_both_ways(rules, name, one, other):
    assert rules[name](one, other) is Direction.LOOSENS
    assert rules[name](other, one) is Direction.LOOSENS


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ([PAUSE, BUY, STAKE], [PAUSE, BUY], "tightens"),
        ([PAUSE, BUY, STAKE], [PAUSE], "tightens"),
        ([PAUSE, BUY, STAKE], [], "tightens"),
        ([PAUSE, DELEGATE, BUY], [PAUSE, BUY], "loosens"),  # bought is what was lent before
        ([PAUSE, BUY], [BUY], "loosens"),
        ([PAUSE, DELEGATE], [DELEGATE, PAUSE], "loosens"),
        ([PAUSE], [DELEGATE], "loosens"),
    ],
)
def test_only_to_spend_less_tightens_the_levers(old, new, says):
    assert POLICY["critical"](old, new) == says


def test_a_mixed_change_is_split_by_field():
    old = {"action_cap_sun": 10, "day_cap_sun": 20, "cooldown": HOUR, "mode": "on"}

    found = split(LIMITS, old, {"action_cap_sun": 5, "day_cap_sun": 30, "mode": "on"})

    assert (found.now, found.later) == ({"action_cap_sun": 5}, {"day_cap_sun": 30})


def test_a_field_without_a_rule_is_an_error():
    with pytest.raises(KeyError):
        split(LIMITS, {"new_cap_sun": 1}, {"new_cap_sun": 2})


def test_a_new_wallet_begins_closed():
    assert {name for name in WALLET if name.endswith("cap_sun")} == set(CLOSED)
    assert set(CLOSED.values()) == {0}
    assert not BORN_WITH & set(CLOSED)


amounts = st.one_of(st.none(), st.integers(0, 100))
THREE = st.tuples(amounts, amounts, amounts).map(
    lambda found: sorted(found, key=lambda one: 101 if one is None else one)
)


@given(THREE, THREE)
def test_what_holds_at_once_is_in_order_whatever_waits(old, new):
    """Caps stand in an order that the database or the form asks for; half of a change may not break it."""
    names = ["action_cap_sun", "day_cap_sun", "lifetime_cap_sun"]
    was, wanted = dict(zip(names, old, strict=True)), dict(zip(names, new, strict=True))

    held = was | dict(split(LIMITS, was, wanted).now)

    values = [held[name] for name in names]
    assert all(more(one, two) is not Direction.TIGHTENS for one, two in pairwise(values))

"""Many wallets in an incident: the worst are read often, and neither a node nor the worker is overwhelmed."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy import services
from energy.domain.haste import Troubled, chosen
from energy.domain.measuring import measure
from energy.domain.states import Level
from energy.models import Wallet
from integrations.tron import addresses
from tests.energy.wallets import NOW, seen

TEN = timedelta(seconds=10)


def troubled(key, level=Level.CRITICAL, percent=0.5, every=TEN):
    return Troubled(key, level, percent, every)


def test_the_worst_are_chosen_and_no_more_than_fit():
    found = chosen(
        [
            troubled(1, Level.EMERGENCY, 4.0),
            troubled(2, Level.CRITICAL, 0.9),
            troubled(3, Level.CRITICAL, 0.1),
            troubled(4, Level.EMERGENCY, None),
            troubled(5, Level.OK, 60.0),
        ],
        nodes=1,
        per_second=0.3,
    )
    assert found == {2, 3, 4}, "what is not known is the worst of its level"


@pytest.mark.parametrize(("nodes", "per_second", "many"), [(1, 10, 100), (2, 10, 50), (1, 0, 0)])
def test_two_nodes_are_asked_twice_as_much(nodes, per_second, many):
    rows = [troubled(key) for key in range(500)]
    assert len(chosen(rows, nodes=nodes, per_second=per_second)) == many


EVERY = st.integers(1, 60).map(lambda seconds: timedelta(seconds=seconds))
ROWS = st.lists(
    st.builds(
        Troubled, st.integers(1, 10**6), st.sampled_from(Level),
        st.none() | st.floats(0, 100), EVERY,
    ),
    unique_by=lambda one: one.key,
)  # fmt: skip


@given(ROWS, st.integers(1, 2), st.floats(0, 50))
def test_it_is_never_more_whatever_is_in_trouble(rows, nodes, per_second):
    picked = chosen(rows, nodes=nodes, per_second=per_second)
    load = sum(nodes / one.every.total_seconds() for one in rows if one.key in picked)
    assert load <= per_second + 1e-6


def company_of(many):
    """Half of them critical, each with a little more than the one before."""
    made = Wallet.objects.bulk_create(
        Wallet(name=f"Wallet {number:03}", address=addresses.from_hex(f"41{number:040x}"))
        for number in range(many)
    )
    Wallet.objects.update(due_at=NOW, seen_at=NOW)
    percents = {one.address: 0.001 + number * 0.004 for number, one in enumerate(made)}
    return made, percents


@pytest.mark.django_db
def test_five_hundred_wallets_in_an_incident_are_read_worst_first_under_the_ceiling(settings):
    """Two minutes of ticks; at first all are due at once."""
    settings.TRON_SECOND_NODE_URL, settings.ENERGY_HASTY_READINGS = "", 10.0
    made, percents = company_of(500)
    asked = [Counter() for _tick in range(24)]
    for tick, times in enumerate(asked):
        at = NOW + timedelta(seconds=5 * tick)

        def look(address, at=at, times=times):
            times[address] += 1
            return measure(seen(percents[address], at), at=at)

        services.watch(at=at, look=look)

    assert all(sum(times.values()) <= 200 for times in asked)
    later = sum((Counter(times) for times in asked[12:]), Counter())  # a minute, when all were read
    often = [one for one in made if later[one.address] >= 5]
    assert {one.pk for one in often} == {one.pk for one in made[:100]}
    assert all(2 <= later[one.address] <= 3 for one in made[100:]), "the rest goes on as usual"
    assert sum(later.values()) <= 60 * (500 / 30 + 10) * 1.05

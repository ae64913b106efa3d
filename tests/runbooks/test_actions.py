from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbooks.domain.actions import (
    HOLDING,
    NEXT,
    Before,
    Caps,
    Limits,
    Mode,
    Spent,
    State,
    Why,
    hindrance,
    is_approved,
    people_needed,
)

NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = Limits(Caps(100, 250, 1_000), timedelta(minutes=30), 10, 50)


def hindered(sun=10, limits=LIMITS, before=Before(), mode=Mode.ON, age=timedelta(0)):  # noqa: B008
    return hindrance(sun, limits, before, mode=mode, proposed_at=NOW - age, now=NOW)


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ({}, None),
        ({"mode": Mode.SHADOW}, None),  # it is decided as if, and then not done
        ({"mode": Mode.OFF}, Why.SWITCHED_OFF),
        ({"age": HOUR}, Why.EXPIRED),
        ({"age": HOUR - timedelta(seconds=1)}, None),
        ({"sun": 100}, None),
        ({"sun": 101}, Why.TOO_MUCH),
        ({"before": Before(Spent(day=240))}, None),
        ({"before": Before(Spent(day=241))}, Why.DAY_SPENT),
        ({"before": Before(Spent(lifetime=991))}, Why.ALL_SPENT),
        ({"before": Before(last_began_at=NOW - timedelta(minutes=29))}, Why.COOLING),
        ({"before": Before(last_began_at=NOW - timedelta(minutes=30))}, None),
        ({"limits": Limits(), "sun": 10**15}, None),  # it costs nothing: no caps
    ],
)
def test_what_keeps_an_action_from_being_executed(case, why):
    assert hindered(**case) is why


@pytest.mark.parametrize(("sun", "people"), [(0, 0), (10, 0), (11, 1), (50, 1), (51, 2)])
def test_the_more_it_moves_the_more_people_decide(sun, people):
    assert people_needed(sun, LIMITS) == people


@pytest.mark.parametrize(
    ("sun", "proposer", "by", "approved"),
    [
        (10, None, [], True),
        (11, None, [], False),
        (11, 1, [1], True),  # a small one may be approved by who proposed it
        (51, 1, [2], False),
        (51, 1, [1, 2], False),  # the proposer is not one of the two
        (51, 1, [2, 2], False),  # nor is one person two
        (51, 1, [2, 3], True),
        (51, None, [2, 3], True),
    ],
)
def test_two_different_people_approve_what_is_large(sun, proposer, by, approved):
    assert is_approved(sun, LIMITS, proposer=proposer, by=by) is approved


def test_what_is_over_stays_over_and_nothing_goes_back():
    over = set(State) - set(NEXT)
    assert over == {
        State.CONFIRMED, State.FAILED, State.REFUSED, State.EXPIRED, State.SHADOWED,
    }  # fmt: skip
    assert State.EXECUTING not in NEXT[State.UNKNOWN], "it is looked up, never done again"
    assert State.FAILED not in HOLDING


@given(st.lists(st.integers(0, 300), max_size=60), st.integers(0, 400), st.integers(0, 2_000))
def test_no_sequence_of_actions_spends_more_than_a_cap(amounts, day, lifetime):
    limits, spent = Limits(Caps(100, day, lifetime)), Spent()
    for sun in amounts:
        if hindered(sun, limits, Before(spent)) is None:
            assert sun <= limits.caps.left(spent)
            spent = Spent(spent.day + sun, spent.lifetime + sun)
    assert spent.day <= day
    assert spent.lifetime <= lifetime

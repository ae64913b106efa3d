from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbooks.domain.actions import (
    DAY,
    NEXT,
    Approval,
    Before,
    Caps,
    Limits,
    Mode,
    Past,
    Spent,
    State,
    Verdict,
    Why,
    before,
    is_approved,
    people_needed,
    verdict,
)

NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = Limits(Caps(100, 250, 1_000), timedelta(minutes=30), 10, 50)
NOTHING = Before()
GO = Verdict.GO


def asked(
    sun=10, limits=LIMITS, others=NOTHING, mode=Mode.ON, halted=False, age=timedelta(0), now=NOW
):
    return verdict(sun, limits, others, mode=mode, halted=halted, proposed_at=now - age, now=now)


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ({}, GO),
        ({"mode": Mode.SHADOW}, Verdict.SHADOW),
        ({"mode": Mode.SHADOW, "sun": 101}, Why.TOO_MUCH),  # decided as if
        ({"mode": Mode.OFF}, Why.SWITCHED_OFF),
        ({"halted": True}, Why.HALTED),
        ({"age": HOUR}, Why.EXPIRED),
        ({"age": HOUR - timedelta(seconds=1)}, GO),
        ({"sun": 100}, GO),
        ({"sun": 101}, Why.TOO_MUCH),
        ({"others": Before(Spent(day=240))}, GO),
        ({"others": Before(Spent(day=241))}, Why.DAY_SPENT),
        ({"others": Before(Spent(lifetime=991))}, Why.ALL_SPENT),
        ({"others": Before(last_began_at=NOW - timedelta(minutes=29))}, Why.COOLING),
        ({"others": Before(last_began_at=NOW - timedelta(minutes=30))}, GO),
        ({"limits": Limits(), "sun": 10**15}, GO),  # it costs nothing: no caps
    ],
)
def test_whether_an_action_may_be_executed_now(case, found):
    assert asked(**case) is found


def test_an_amount_below_zero_is_none():
    with pytest.raises(ValueError, match="no amount"):
        asked(-1)


@pytest.mark.parametrize(("sun", "people"), [(0, 0), (10, 0), (11, 1), (50, 1), (51, 2)])
def test_the_more_it_moves_the_more_people_decide(sun, people):
    assert people_needed(sun, LIMITS) == people


@pytest.mark.parametrize(
    ("sun", "proposer", "by", "approved"),
    [
        (10, None, [], True),
        (11, None, [], False),
        (11, 1, [1], False),  # nobody approves their own
        (11, 1, [2], True),
        (51, 1, [2], False),
        (51, 1, [1, 2], False),
        (51, 1, [2, 2], False),  # nor is one person two
        (51, 1, [2, 3], True),
        (51, None, [2, 3], True),
    ],
)
def test_others_approve_and_two_of_them_what_is_large(sun, proposer, by, approved):
    approvals = [Approval(person, NOW) for person in by]
    assert is_approved(sun, LIMITS, proposer=proposer, by=approvals, now=NOW) is approved


def test_an_old_approval_is_none():
    given = [Approval(2, NOW - HOUR)]
    assert not is_approved(11, LIMITS, proposer=1, by=given, now=NOW)
    assert is_approved(11, LIMITS, proposer=1, by=given, now=NOW - timedelta(seconds=1))


def test_what_is_over_stays_over_and_nothing_goes_back():
    assert set(NEXT) == set(State)
    over = {state for state, following in NEXT.items() if not following}
    assert over == {
        State.CONFIRMED, State.FAILED, State.LOST, State.REFUSED, State.EXPIRED, State.SHADOWED,
    }  # fmt: skip
    assert State.EXECUTING not in NEXT[State.UNKNOWN], "it is looked up, never done again"


@pytest.mark.parametrize(
    ("state", "age", "day", "lifetime"),
    [
        (State.CONFIRMED, DAY - timedelta(seconds=1), 7, 7),
        (State.CONFIRMED, DAY, 0, 7),
        (State.LOST, DAY - timedelta(seconds=1), 7, 7),
        (State.LOST, DAY, 0, 7),
        (State.UNKNOWN, 3 * DAY, 7, 7),  # it may still land
        (State.EXECUTING, 3 * DAY, 7, 7),
        (State.FAILED, HOUR, 0, 0),
    ],
)
def test_what_counts_as_spent(state, age, day, lifetime):
    found = before([Past(state, 7, NOW - age)], now=NOW)
    assert found == Before(Spent(day, lifetime), NOW - age)


moments = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 20 * 3600)), max_size=60)


@given(moments, st.integers(0, 400), st.integers(0, 2_000))
def test_no_sequence_of_actions_spends_more_than_a_cap_in_any_24_hours(steps, day, lifetime):
    limits, done, now = Limits(Caps(100, day, lifetime)), list[Past](), NOW
    for sun, seconds in steps:
        now += timedelta(seconds=seconds)
        if asked(sun, limits, before(done, now=now), now=now) is GO:
            done.append(Past(State.CONFIRMED, sun, now))
    assert sum(one.sun for one in done) <= lifetime
    for last in done:
        recent = [one for one in done if last.began_at - DAY < one.began_at <= last.began_at]
        assert sum(one.sun for one in recent) <= day

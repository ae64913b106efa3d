from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.retry import FIRST, LONGEST, MAX_ATTEMPTS, give_up, wait_after

attempts = st.integers(1, MAX_ATTEMPTS)
jitters = st.floats(0, 1)


def test_a_permanent_refusal_ends_it_at_once():
    assert give_up(1, permanent=True)


@pytest.mark.parametrize(("attempt", "stops"), [(1, False), (11, False), (12, True), (13, True)])
def test_a_passing_failure_is_tried_twelve_times(attempt, stops):
    assert give_up(attempt, permanent=False) == stops


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 5), (2, 10), (3, 20), (6, 160), (7, 300)])
def test_each_wait_is_twice_the_one_before_up_to_five_minutes(attempt, seconds):
    assert wait_after(attempt, asked=None, jitter=0.5) == timedelta(seconds=seconds)


def test_all_attempts_together_stay_within_three_quarters_of_an_hour():
    waits = [wait_after(n, asked=None, jitter=0.5) for n in range(1, MAX_ATTEMPTS)]

    assert timedelta(minutes=20) < sum(waits, timedelta(0)) < timedelta(minutes=45)


@given(attempts, jitters)
def test_a_crowd_is_spread_by_a_fifth_and_no_more(attempt, jitter):
    middle = wait_after(attempt, asked=None, jitter=0.5)

    assert middle * 0.8 <= wait_after(attempt, asked=None, jitter=jitter) <= middle * 1.2
    assert FIRST * 0.8 <= middle <= LONGEST


@given(attempts, jitters, st.integers(0, 300))
def test_nobody_is_bothered_sooner_than_they_asked(attempt, jitter, asked):
    wait = wait_after(attempt, asked=asked, jitter=jitter)

    assert wait >= timedelta(seconds=asked)
    assert wait == max(timedelta(seconds=asked), wait_after(attempt, asked=None, jitter=jitter))

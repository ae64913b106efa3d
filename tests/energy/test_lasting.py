"""Told by how long the energy lasts, while the percentage is fine still."""

from datetime import timedelta

import pytest

from energy.domain.lasting import Bounds, Lasting, after, is_short

BOUNDS = Bounds(timedelta(minutes=60), timedelta(minutes=30))


@pytest.mark.parametrize(
    ("p50", "p90", "begins", "goes_on"),
    [
        (59, 59, True, True),
        (60, 60, False, True),
        (89, 89, False, True),
        (90, 90, False, False),
        (90, 29, True, True),
        (90, 30, False, True),
        (90, 44, False, True),
        (90, 45, False, False),
        (None, None, False, False),
        (None, 29, True, True),
        (0, 0, True, True),
    ],
)
def test_it_is_over_later_than_it_began(p50, p90, begins, goes_on):
    lasts = [None if one is None else timedelta(minutes=one) for one in (p50, p90)]
    assert is_short(*lasts, BOUNDS) == begins
    assert is_short(*lasts, BOUNDS, held=True) == goes_on


def test_a_bound_of_nothing_is_never_met():
    assert not is_short(timedelta(0), timedelta(0), Bounds(timedelta(0), timedelta(0)))


def test_two_in_a_row_begin_it_and_two_end_it():
    held, states = Lasting(), []
    for short in (True, False, True, True, False, True, False, False):
        held = after(held, short)
        states.append(held.short)
    assert states == [False, False, False, True, True, True, True, False]

"""Units and calendars do not matter: judged is the shape."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.monitoring.metrics import MONDAY, changed, daily, judged, moments

VALUES = changed(daily(1500), 1200, 30, lambda value: value + 25)


def scores(values, start=MONDAY):
    return [one.score for one in judged(values, at=moments(len(values), start))]


@pytest.fixture(scope="module")
def plain():
    return scores(VALUES)


@settings(max_examples=5, deadline=None)
@given(power=st.integers(-60, 60))
def test_another_unit_changes_no_answer(plain, power):
    """Powers of two round nothing, so that the answers agree to the last bit."""
    assert scores([value * 2.0**power for value in VALUES]) == plain


@settings(max_examples=5, deadline=None)
@given(scale=st.floats(1e-6, 1e6), shift=st.floats(-1000, 1000))
def test_another_zero_changes_hardly_an_answer(plain, scale, shift):
    """A value on the edge of a bin may fall to its other side, which moves a score a little."""
    moved = scores([scale * (value + shift) for value in VALUES])
    differing = sum(abs(one - other) > 0.01 for one, other in zip(moved, plain, strict=True))
    assert differing <= 8


@settings(max_examples=5, deadline=None)
@given(weeks=st.integers(-2000, 2000))
def test_of_whole_weeks(plain, weeks):
    assert scores(VALUES, MONDAY + timedelta(weeks=weeks)) == plain

"""What to add, reckoned again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintenance.domain.advice import Piece, advise

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SOONEST = NOW + timedelta(days=30)


def asked(
    expected, *, full_at="100", adds="50", pieces=None, lead=10, cost="12.5", soonest=SOONEST
):
    piece = Piece(Decimal(adds), Decimal(cost), timedelta(days=lead))
    return advise(
        full_at=Decimal(full_at), expected=Decimal(expected), soonest=soonest, piece=piece,
        there_are=pieces, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ({"expected": "101"}, 1),
        ({"expected": "150"}, 1),
        ({"expected": "150.1"}, 2),
        ({"expected": "120", "full_at": "90", "adds": "0", "pieces": 6}, 2),
        ({"expected": "180", "full_at": "90", "adds": "0", "pieces": 3}, 3),
    ],
)
def test_pieces_are_rounded_up(facts, count):
    assert asked(**facts).count == count


def test_what_is_enough_needs_nothing():
    assert asked("100") is None
    assert asked("-3") is None


def test_a_piece_that_adds_nothing_is_no_advice():
    assert asked("150", adds="0") is None


def test_it_is_ordered_before_the_early_end_of_the_range_by_the_lead_time():
    assert asked("150", lead=10).order_by == SOONEST - timedelta(days=10)


def test_what_should_have_been_ordered_already_is_ordered_now():
    assert asked("150", lead=60).order_by == NOW


@given(
    expected=st.decimals("0.001", "1e15", places=3), full=st.decimals("0.001", "1e12", places=3),
    adds=st.decimals("0.001", "1e12", places=3), cost=st.decimals(0, "1e9", places=2),
)  # fmt: skip
def test_it_suffices_and_no_piece_is_too_many(expected, full, adds, cost):
    found = asked(str(expected), full_at=str(full), adds=str(adds), cost=str(cost))
    if expected <= full:
        assert found is None
        return
    assert full + found.count * adds >= expected - Decimal("1e-6")
    assert full + (found.count - 1) * adds < expected + Decimal("1e-6")
    assert found.cost == found.count * cost

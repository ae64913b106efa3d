from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy.domain.forecast import Burned, pace, per_hour, transfers_left
from energy.domain.measuring import SUN, Failed, Fault, Measured, Seen, computed_limit, measure

NOW = datetime(2026, 3, 2, 3, 12, tzinfo=UTC)
TOTAL, WEIGHT = 180_000_000_000, 19_000_000_000
GOOD = Seen(
    head_number=70_000_000, head_at=NOW - timedelta(seconds=3), used=2_000_000, limit=9_473_684,
    total_limit=TOTAL, total_weight=WEIGHT, balance_sun=500 * SUN, staked_sun=1_000_000 * SUN,
)  # fmt: skip


def fault_of(seen: Seen, second: Seen | None = None) -> Fault | None:
    found = measure(seen, at=NOW, second=second)
    return found.fault if isinstance(found, Failed) else None


def test_a_reading_whose_parts_agree_is_valid() -> None:
    found = measure(GOOD, at=NOW)

    assert isinstance(found, Measured)
    assert found.left == 7_473_684


@pytest.mark.parametrize(
    ("seen", "fault"),
    [
        (replace(GOOD, total_limit=None, total_weight=None, used=0, limit=0), Fault.NO_TOTALS),
        (replace(GOOD, total_weight=None), Fault.NO_TOTALS),
        (replace(GOOD, total_limit=0), Fault.NO_TOTALS),
        (replace(GOOD, head_at=NOW - timedelta(seconds=61)), Fault.STALE_HEAD),
        (replace(GOOD, head_at=NOW + timedelta(seconds=61)), Fault.STALE_HEAD),
        (replace(GOOD, limit=9_300_000), Fault.LIMIT_DIFFERS),
        (replace(GOOD, limit=9_600_000), Fault.LIMIT_DIFFERS),
        (replace(GOOD, limit=0), Fault.LIMIT_DIFFERS),
        (replace(GOOD, staked_sun=0), Fault.LIMIT_DIFFERS),
        (replace(GOOD, used=-1), Fault.NONSENSE),
    ],
)
def test_what_does_not_fit_together_is_no_measurement(seen: Seen, fault: Fault) -> None:
    assert fault_of(seen) == fault


def test_a_limit_less_than_a_percent_off_is_believed() -> None:
    assert fault_of(replace(GOOD, limit=9_400_000)) is None


def test_what_is_rented_counts_to_the_limit() -> None:
    rented = replace(GOOD, staked_sun=400_000 * SUN, delegated_in_sun=600_000 * SUN)

    assert fault_of(rented) is None


def test_a_wallet_that_stakes_nothing_is_no_fault() -> None:
    found = measure(replace(GOOD, limit=0, used=0, staked_sun=0), at=NOW)

    assert isinstance(found, Measured)
    assert found.limit == 0


def test_more_used_than_there_is_leaves_nothing_rather_than_less() -> None:
    found = measure(replace(GOOD, used=20_000_000), at=NOW)

    assert isinstance(found, Measured)
    assert found.left == 0


def test_two_nodes_must_agree_where_two_are_asked() -> None:
    assert fault_of(GOOD, replace(GOOD, used=2_300_000)) is None
    assert fault_of(GOOD, replace(GOOD, used=9_400_000)) == Fault.NODES_DIFFER
    half = replace(GOOD, limit=4_736_842, staked_sun=500_000 * SUN)
    assert fault_of(GOOD, half) == Fault.NODES_DIFFER
    assert fault_of(GOOD, replace(GOOD, total_limit=None)) == Fault.NO_TOTALS


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_whatever_the_chain_computes_itself_is_believed(staked: int, rented: int) -> None:
    seen = replace(GOOD, staked_sun=staked * SUN, delegated_in_sun=rented * SUN, used=0)

    assert fault_of(replace(seen, limit=computed_limit(seen))) is None


def test_pace_is_that_of_this_hour_of_the_week_or_of_now_where_that_is_more() -> None:
    weeks = [100.0, 110.0, 120.0, 130.0, 900.0]

    usual, drained = pace(weeks, 50), pace(weeks, 5_000)

    assert usual is not None
    assert drained is not None
    assert (usual.p50, usual.p90) == (120, 900)
    assert (drained.p50, drained.p90) == (5_000, 5_000)
    assert pace([], None) is None


def test_pace_per_hour_counts_the_time_that_was_measured_only() -> None:
    parts = [Burned(NOW, 65_000, 30), Burned(NOW, 0, 30)]

    assert per_hour(parts) == 65_000 * 60
    assert per_hour([]) is None


def test_transfers_left_are_whole_ones() -> None:
    assert transfers_left(130_999) == 2
    assert transfers_left(130_999, energy=131_000) == 0

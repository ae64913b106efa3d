from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy.domain.forecast import runway
from energy.domain.recovery import (
    DAY,
    FINE,
    SLOTS,
    Account,
    Usage,
    burned,
    increase,
    seconds_to_percent,
)

LIMIT = 10_000_000
MINUTE, HOUR = 20, 1_200  # in slots


def seen(account: Account, now: int) -> Usage:
    """What the node would tell at this slot: decayed, with what is left of the window."""
    touched = increase(account, 0, now)
    return Usage(touched.usage, (touched.window_fine / FINE) * 3)


def emptied(account: Account, start: int, load: list[int]) -> int | None:
    """Slots until the chain's own arithmetic has nothing left; the load a minute, over and over."""
    for minute in range(48 * 60):
        now = start + (minute + 1) * MINUTE
        account = increase(account, load[minute % len(load)], now)
        if account.usage >= LIMIT:
            return (minute + 1) * MINUTE
    return None


def warmed(load: list[int], minutes: int) -> tuple[Account, int]:
    account, now = Account(), 0
    for minute in range(minutes):
        now += MINUTE
        account = increase(account, load[minute % len(load)], now)
    return account, now


@pytest.mark.parametrize("a_day", [21_000_000, 30_000_000, 60_000_000, 240_000_000])
@pytest.mark.parametrize("minutes", [0, 30])
def test_the_runway_of_a_constant_load_is_the_chains_within_five_percent(
    a_day: int, minutes: int
) -> None:
    load = [a_day // 1440]
    account, now = warmed(load, minutes)

    told = runway(seen(account, now), LIMIT, load[0] * 60)
    exact = emptied(account, now, load)

    assert told is not None
    assert exact is not None
    assert told.total_seconds() == pytest.approx(exact * 3, rel=0.05)


@pytest.mark.parametrize("seed", range(5))
def test_the_runway_of_a_bursty_load_is_the_chains_within_five_percent(seed: int) -> None:
    # Nothing in most minutes and twenty transfers in others, 40 million a day in all.
    chance = Random(seed)
    drawn = [chance.choice([0, 0, 0, 0, 1, 2, 20]) for _ in range(30)]
    load = [one * 40_000_000 // 48 // sum(drawn) for one in drawn]
    account, now = warmed(load, 60)

    told = runway(seen(account, now), LIMIT, sum(load) / len(load) * 60)
    exact = emptied(account, now, load)

    assert told is not None
    assert exact is not None
    assert told.total_seconds() == pytest.approx(exact * 3, rel=0.05)


@pytest.mark.parametrize("percent", [1, 5, 8, 10, 20, 50, 99])
@pytest.mark.parametrize("hours", [2, 12, 30])
def test_idle_recovery_is_the_chains_within_five_percent(percent: int, hours: int) -> None:
    account, now = warmed([12_000], hours * 60)  # settles at 8.64 M of 10 M
    account = increase(account, 9_900_000 - seen(account, now).used.__ceil__(), now)
    usage = seen(account, now)

    eta = seconds_to_percent(
        percent, used=round(usage.used), limit=LIMIT, window=round(usage.window)
    )

    assert eta is not None
    slot = now
    while LIMIT - increase(account, 0, slot).usage < LIMIT * percent // 100 and slot < now + SLOTS:
        slot += 1
    # Slots are whole, and the chain rounds up.
    assert eta == pytest.approx((slot - now) * 3, rel=0.05, abs=9)


def test_an_idle_wallet_never_runs_out() -> None:
    assert runway(Usage(9_000_000, DAY), LIMIT, 0) is None


def test_what_can_be_sustained_is_twice_the_limit_a_day() -> None:
    assert runway(Usage(0), LIMIT, 18_000_000 / 24) is None
    assert runway(Usage(0), LIMIT, 21_000_000 / 24) == pytest.approx(
        timedelta(hours=17.8), rel=0.01
    )
    assert runway(Usage(LIMIT), LIMIT, 0) == timedelta(0)
    assert runway(Usage(LIMIT + 5), LIMIT, 1000) == timedelta(0)


def test_steady_use_settles_at_half_a_day_and_half_the_window() -> None:
    account, now = warmed([6_944], 96 * 60)

    usage = seen(account, now)

    assert usage.used == pytest.approx(6_944 * 1440 / 2, rel=0.01)
    assert usage.window == pytest.approx(DAY / 2, rel=0.01)


def test_all_paused_one_percent_becomes_five_in_half_an_hour_to_an_hour() -> None:
    slow = seconds_to_percent(5, used=9_900_000, limit=LIMIT, window=DAY)
    fast = seconds_to_percent(5, used=9_900_000, limit=LIMIT, window=DAY // 2)

    assert slow == pytest.approx(58 * 60, rel=0.01)
    assert fast == pytest.approx(29 * 60, rel=0.01)
    assert seconds_to_percent(5, used=0, limit=0, window=DAY) is None
    assert seconds_to_percent(5, used=1, limit=LIMIT, window=DAY) == 0


@given(
    used=st.floats(0, 1e11), window=st.floats(3, DAY), energy=st.floats(0, 1e9),
    seconds=st.floats(0, DAY),
)  # fmt: skip
def test_usage_stays_within_its_bounds(
    used: float, window: float, energy: float, seconds: float
) -> None:
    later = Usage(used, window).after(seconds)
    more = later.plus(energy)

    assert 0 <= later.used <= used
    assert 0 < more.window <= DAY
    assert more.used == pytest.approx(later.used + max(0, energy))
    assert burned(Usage(used, window), seconds, round(more.used)) == pytest.approx(
        max(0, energy), rel=1e-6, abs=2 + used * 1e-9
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 5_000_000), st.integers(0, 2 * HOUR)), min_size=1, max_size=30
    )
)
def test_our_arithmetic_follows_the_chains_for_whatever_load(steps: list[tuple[int, int]]) -> None:
    account, ours, now = Account(), Usage(0), 0
    for energy, slots in steps:
        now += slots
        account = increase(account, energy, now)
        ours = ours.after(slots * 3).plus(energy)

    # The chain rounds up with each step.
    assert ours.used == pytest.approx(account.usage, rel=0.001, abs=3 * len(steps))

"""The forecast, held against a wallet that lives on the sandbox's chain: its integers, its slots, its limit."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.living import MINUTE, SECONDS, Living
from energy.domain.forecast import runway
from energy.domain.recovery import DAY, Usage, burned, seconds_to_percent
from sandbox.chain.accounts import SLOT, WINDOW, Account
from tests.energy.increase_v2 import Ported, increase

LIMIT = 10_000_000


@pytest.mark.parametrize(
    ("a_day", "minutes"),
    [(2.1, 0), (2.1, 600), (3, 0), (3, 300), (6, 30), (6, 200), (24, 0), (24, 30)],
)
def test_the_runway_of_a_constant_load_is_the_chains_within_five_percent(
    a_day: float, minutes: int
) -> None:
    wallet = Living()
    load = [round(wallet.limit * a_day / 1440)]
    assert wallet.live(load, minutes) is None

    told = runway(wallet.usage, wallet.limit, load[0] * 60)
    exact = wallet.live(load, 48 * 60)

    assert told is not None
    assert told.total_seconds() == pytest.approx(exact, rel=0.05)


@pytest.mark.parametrize("seed", range(8))
def test_the_runway_of_a_bursty_load_is_the_chains_within_five_percent(seed: int) -> None:
    # Nothing in most minutes and twenty transfers in others, four times the limit a day in all.
    chance, wallet = Random(seed), Living()
    drawn = [chance.choice([0, 0, 0, 0, 1, 2, 20]) for _ in range(30)]
    load = [one * wallet.limit * 4 // 48 // sum(drawn) for one in drawn]
    assert wallet.live(load, 60) is None

    told = runway(wallet.usage, wallet.limit, sum(load) / len(load) * 60)
    exact = wallet.live(load, 48 * 60)

    assert told is not None
    assert told.total_seconds() == pytest.approx(exact, rel=0.05)


@pytest.mark.parametrize("load", [[14_600], [42_000], [0, 0, 0, 90_000], [0] * 29 + [500_000]])
def test_the_runway_is_that_of_java_tron_s_own_arithmetic_within_five_percent(
    load: list[int],
) -> None:
    """Without the sandbox between: what `increaseV2` says, slot by slot."""
    wallet, minute = Ported(), 0
    while minute < 60 or wallet.usage < LIMIT // 2:
        minute += 1
        wallet = increase(wallet, load[minute % len(load)], minute * MINUTE // SLOT)
    window = (wallet.window_fine / 1000) * SECONDS

    told = runway(Usage(wallet.usage, window), LIMIT, sum(load) / len(load) * 60)
    began = minute
    while wallet.usage < LIMIT:
        minute += 1
        wallet = increase(wallet, load[minute % len(load)], minute * MINUTE // SLOT)

    assert told is not None
    assert told.total_seconds() / 60 == pytest.approx(minute - began, rel=0.05, abs=len(load))


@pytest.mark.parametrize("a_day", [0.5, 1, 1.8])
def test_what_the_chain_sustains_for_two_days_is_told_to_last(a_day: float) -> None:
    wallet = Living()
    load = [round(wallet.limit * a_day / 1440)]

    assert runway(wallet.usage, wallet.limit, load[0] * 60) is None
    assert wallet.live(load, 48 * 60) is None


@pytest.mark.parametrize("percent", [1, 5, 8, 10, 20, 50, 99])
@pytest.mark.parametrize("hours", [0, 2, 12, 30])
def test_idle_recovery_is_the_chains_within_five_percent(percent: int, hours: int) -> None:
    wallet = Living()
    wallet.live([round(wallet.limit * 1.7 / 1440)], hours * 60)
    wallet.chain.consume(wallet.address, wallet.limit * 99 // 100 - wallet.used)
    usage = wallet.usage

    eta = seconds_to_percent(
        percent, used=round(usage.used), limit=wallet.limit, window=round(usage.window)
    )

    assert eta is not None
    assert eta == pytest.approx(wallet.rest(percent), rel=0.05, abs=2 * SECONDS)


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
    wallet = Living()
    load = round(wallet.limit * 1.2 / 1440)
    wallet.live([load], 96 * 60)

    assert wallet.used == pytest.approx(load * 1440 / 2, rel=0.01)
    assert wallet.usage.window == pytest.approx(DAY / 2, rel=0.01)


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
        st.tuples(st.integers(0, 5_000_000), st.integers(0, 2 * 1_200)), min_size=1, max_size=30
    )
)
def test_three_ways_to_reckon_agree_for_whatever_load(steps: list[tuple[int, int]]) -> None:
    """Ours, the sandbox's, and java-tron's own, of which the second knows nothing of the third."""
    ported, ours, living, now = Ported(), Usage(0), Account(""), 0
    for energy, slots in steps:
        now += slots
        ported = increase(ported, energy, now)
        living.use(energy, now)
        ours = ours.after(slots * SECONDS).plus(energy)

    # The chain rounds up with each step.
    for other in (ours.used, living.used):
        assert other == pytest.approx(ported.usage, rel=0.001, abs=3 * len(steps))
    if ported.usage > 100_000:  # of next to nothing the window says nothing
        assert living.window / WINDOW * SECONDS == pytest.approx(ours.window, rel=0.01)

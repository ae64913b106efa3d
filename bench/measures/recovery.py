"""How far the forecast of energy is from what the sandbox's chain then does, by the chain's own integers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

from bench.living import Living
from bench.table import Row
from energy.domain.forecast import runway
from energy.domain.recovery import seconds_to_percent

CONSTANT: Final = [(2.1, 0), (2.1, 600), (3, 0), (3, 300), (6, 30), (6, 200), (24, 0), (24, 30)]
SEEDS: Final = range(8)
IDLE: Final = [(percent, hours) for percent in (1, 5, 20, 50, 99) for hours in (0, 2, 12, 30)]
TWO_DAYS: Final = 48 * 60


def measure() -> Iterable[Row]:
    for name, off in (
        ("runway of a constant load", [_constant(*one) for one in CONSTANT]),
        ("runway of a load in bursts", [_bursts(seed) for seed in SEEDS]),
        ("time to recovery, all paused", [_idle(*one) for one in IDLE]),
    ):
        yield Row(
            f"{name}, {len(off)} cases: furthest from the chain's", f"{max(off):.1%}", aim="≤ 5 %"
        )


def _constant(a_day: float, minutes: int) -> float:
    """A load of so many limits a day, told after so many minutes of it."""
    wallet = Living()
    return _off(wallet, [round(wallet.limit * a_day / 1440)], minutes)


def _bursts(seed: int) -> float:
    """Nothing in most minutes and much in others: four times the limit a day in all."""
    chance, wallet = Random(seed), Living()  # noqa: S311 - the same load each time
    drawn = [chance.choice([0, 0, 0, 0, 1, 2, 20]) for _ in range(30)]
    return _off(wallet, [one * wallet.limit * 4 // 48 // sum(drawn) for one in drawn], 60)


def _off(wallet: Living, load: Sequence[int], minutes: int) -> float:
    wallet.live(load, minutes)
    told = runway(wallet.usage, wallet.limit, sum(load) / len(load) * 60)
    exact = wallet.live(load, TWO_DAYS)
    if told is None or exact is None:
        raise RuntimeError("a load that the chain does not bear was told to last, or the reverse")
    return abs(told.total_seconds() / exact - 1)


def _idle(percent: int, hours: int) -> float:
    """What is over after so many hours of use, and a moment that took nearly all the rest."""
    wallet = Living()
    wallet.live([round(wallet.limit * 1.7 / 1440)], hours * 60)
    wallet.chain.consume(wallet.address, wallet.limit * 99 // 100 - wallet.used)
    usage = wallet.usage
    told = seconds_to_percent(
        percent, used=round(usage.used), limit=wallet.limit, window=round(usage.window)
    )
    exact = wallet.rest(percent)
    return abs((told or 0) - exact) / max(exact, 1)

"""How many wallets one worker watches, over HTTP, and how soon the first lever is pulled when one is short."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bench.numbers import spread
from bench.product import Product
from bench.shortages import first_levers
from bench.table import Row

WALLETS: Final = 1_000
ROUNDS: Final = 7


def measure(product: Product) -> Iterable[Row]:
    ours, bare = map(float, product.run("-m", "bench.watching", str(WALLETS)).split())
    yield Row(
        f"{WALLETS:,} wallets watched, by one worker",
        f"{WALLETS / ours:,.0f}/s",
        f"bare looks at the node {WALLETS / bare:,.0f}/s",
        f"{bare / ours:.0%}",
    )
    took = first_levers(product, ROUNDS)
    yield Row(
        f"confirming reading → first lever done, {len(took)} shortages",
        spread([one.first for one in took]),
    )
    yield Row("→ first lever that brings energy done", spread([one.bringing for one in took]))

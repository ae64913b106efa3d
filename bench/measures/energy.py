"""How many wallets one worker watches: read from a node over HTTP, stored, judged, their alerts told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bench.product import Product
from bench.table import Row

WALLETS: Final = 1_000


def measure(product: Product) -> Iterable[Row]:
    ours, bare = map(float, product.run("-m", "bench.watching", str(WALLETS)).split())
    yield Row(
        f"{WALLETS:,} wallets watched, by one worker",
        f"{WALLETS / ours:,.0f}/s",
        f"bare looks at the node {WALLETS / bare:,.0f}/s",
        f"{bare / ours:.0%}",
    )

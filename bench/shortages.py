"""Energy that is suddenly short in the sandbox, and what the product does first, by its own ticks.

The pause of withdrawals and purchases are switched on: all else is decided in shadow. After each round the
energy is back, and what is still open is ended by hand, as a response goes on for ten minutes at least.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from bench.product import Product

ACCOUNTS: Final = ("hot", "treasury", "spare")
WITHIN: Final = 90.0
BRINGING: Final = ["DELEGATE_ENERGY", "CANCEL_UNSTAKES", "BUY_ENERGY", "EMERGENCY_STAKING"]
SWITCH: Final = """
from runbooks.models import Limits
for kind in ("withdrawals.pause", "energy.buy"):
    Limits.of(kind)
    Limits.objects.filter(kind=kind).update(mode="on")
Limits.objects.filter(kind="energy.buy").update(day_cap_sun=10**11)
"""
WATCHED: Final = "UPDATE energy_wallet SET role = 'hot', period = '5 s', hasty_period = '5 s' WHERE enabled AND %s"
# From the second reading of a round that says critical, which confirms it, to the end of the first action,
# and of the first that brings energy: a purchase ends when the chain shows it.
PULLED: Final = """
SELECT extract(epoch FROM done.any_lever - confirmed.at), extract(epoch FROM done.bringing - confirmed.at)
FROM energy_response AS response, LATERAL (
    SELECT min(action.ended_at) AS any_lever,
        min(action.ended_at) FILTER (WHERE step.lever = ANY(%s)) AS bringing
    FROM energy_step AS step JOIN runbooks_action AS action ON action.id = step.action_id
    WHERE step.response_id = response.id AND action.state = 'confirmed'
) AS done, LATERAL (
    SELECT at FROM energy_reading AS reading
    WHERE reading.wallet_id = response.wallet_id AND reading.fault = '' AND at > %s
    AND (reading."limit" - reading.used) * 100 < reading."limit" ORDER BY at OFFSET 1 LIMIT 1
) AS confirmed WHERE response.began_at > %s
"""
OVER: Final = (
    "UPDATE energy_pause SET lifted_at = now() WHERE lifted_at IS NULL AND %s",
    "UPDATE energy_response SET ended_at = now() WHERE ended_at IS NULL AND %s",
)
SHORT: Final = (
    "SELECT count(*) FROM energy_wallet WHERE enabled AND (level > 0 OR confirmed > 0) AND %s"
)


class Pulled(NamedTuple):
    """Seconds from the confirming reading to the end of the first lever of all, and of those that bring energy."""

    first: float
    bringing: float


def first_levers(product: Product, rounds: int) -> list[Pulled]:
    """Of each wallet and round."""
    product.run("manage.py", "shell", "-c", SWITCH)
    product.database.run(WATCHED, True)
    return [took for _ in range(rounds) for took in _round(product)]


def _round(product: Product) -> list[Pulled]:
    began = product.database.one("SELECT now()")
    for account in ACCOUNTS:
        _act(product, "chain/drain", {"account": account, "left_percent": 0.5})
    found: list[Pulled] = _until(lambda: _pulled(product, began))
    for account in ACCOUNTS:
        _act(product, "chain/rest", {"account": account})
    _until(lambda: not product.database.one(SHORT, True))
    for statement in OVER:
        product.database.run(statement, True)
    _act(product, "wallet-service/reset", {})
    return found


def _pulled(product: Product, began: Any) -> list[Pulled]:
    found = product.database.rows(PULLED, BRINGING, began, began)
    rows = [Pulled(float(first), float(bringing)) for first, bringing in found if bringing]
    return rows if len(rows) == len(ACCOUNTS) else []


def _until(found: Callable[[], Any]) -> Any:
    until = time.monotonic() + WITHIN
    while not (it := found()):
        if time.monotonic() > until:
            raise RuntimeError("nothing was done about the shortage")
        time.sleep(0.2)
    return it


def _act(product: Product, path: str, wish: dict[str, Any]) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{product.sandbox_port}/{path}",
        json.dumps(wish).encode(),
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310

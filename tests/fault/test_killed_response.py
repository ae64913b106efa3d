"""The product's own workers and its signer die while they answer a shortage on the chain."""

import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(900)]

KILLS = 10
# Who reads, answers and settles; who acts.
MORTALS = ("worker-sight", "worker-background", "signer")
OVER = "SELECT count(*) FILTER (WHERE ended_at IS NULL), count(*) FROM energy_response"
OPEN = """
SELECT (SELECT count(*) FROM runbooks_action WHERE state IN ('executing', 'unknown'))
     + (SELECT count(*) FROM energy_chaintransaction WHERE state IN ('planned', 'signed', 'sent'))
"""


def shell(product: Product, call: str) -> str:
    code = f"from tests.fault import shortage; print(shortage.{call}())"
    return product.manage("shell", "--no-imports", "--command", code)


def hand(product: Product, action: str, **wish: object) -> None:
    product.sandbox.http.post(f"/chain/{action}", json=wish).raise_for_status()


def look_now(product: Product) -> None:
    """Readings are due at once, and not in half a minute."""
    product.sql("UPDATE energy_wallet SET due_at = now() WHERE due_at > now()")


def test_killed_workers_pay_and_stake_nothing_twice_and_bring_it_to_its_end(
    product: Product, seed: int, tell: Callable[[object], None]
) -> None:
    chance, killed = random.Random(seed), Counter[str]()
    shell(product, "switch_on")
    hand(product, "pace", lag=4, block_ms=200)
    hand(product, "drain", account="treasury", left_percent=0)
    hand(product, "drain", account="spare", left_percent=8)
    hand(product, "drain", account="hot", left_percent=0.4)
    assert until(lambda: begun(product), within=120, every=0.5)

    while killed.total() < KILLS and not over(product):
        name = chance.choice(MORTALS)
        with contextlib.suppress(ProcessLookupError):  # it is not back yet
            product.kill(name)
            killed[name] += 1
        look_now(product)
        time.sleep(chance.uniform(1, 9))

    if not until(lambda: over(product), within=120, every=1):
        hand(product, "rest", account="hot")  # it comes back by itself if by nothing else
    assert until(lambda: over(product), within=420, every=1)
    tell(f"{dict(killed)}: {shell(product, 'judge')}")


def begun(product: Product) -> bool:
    look_now(product)
    return bool(product.sql(OVER)[0][1])


def over(product: Product) -> bool:
    look_now(product)
    [(open_ones, all_of_them)], [(going,)] = product.sql(OVER), product.sql(OPEN)
    return all_of_them > 0 and not open_ones and not going

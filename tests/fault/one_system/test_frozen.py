"""A worker that lives and does nothing, as when a host swaps: it is seen, and others go on without it."""

import contextlib
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from incidents.services.gate import INTAKE
from tests.fault.checker import moment
from tests.fault.driver import Driver
from tests.fault.promises import NEXT_STEP, kept, quiet
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]
Tell = Callable[[object], None]

LET_GO = 30.0  # the server's patience with who holds the gate (15 s), and a tick
SEEN = 60.0
HELD = """
SELECT count(*) FROM pg_locks lock JOIN pg_stat_activity USING (pid)
 WHERE locktype = 'advisory' AND objid = %s::bigint & 4294967295 AND granted
   AND state = 'idle in transaction'
"""
BY_SECOND = "SELECT count(*) FROM notifications_delivery WHERE leased_by LIKE '/%%'"


@contextlib.contextmanager
def frozen(product: Product, name: str, *, holding: str = "") -> Iterator[None]:
    """Stopped, and if asked for in the very moment in which the gate is in its hand."""
    process = psutil.Process(product.pids()[name])
    process.suspend()
    try:
        while holding and product.sql(holding, INTAKE) == [(0,)]:
            process.resume()
            time.sleep(0.013)
            process.suspend()
        yield
    finally:
        process.resume()


def test_a_worker_that_freezes_while_it_reads_alerts_holds_up_another_for_seconds_only(
    product: Product, seed: int, tell: Tell
) -> None:
    second = product.another_worker()
    with Driver(product.door, rate=3, seed=seed, mix={"P2": 1}) as driver:
        assert until(lambda: sends(product), within=60), "the second never began"
        with frozen(product, "worker-pages", holding=HELD):
            began = time.time()
            alert = driver.fire("P2")
            page = product.sandbox.expect(
                "email", to="tech-lead@", containing=alert.name, within=60
            )
            ready = product.is_ready()
        driver.stop.set()
    quiet(product)
    second.kill()

    verdict = kept(product, driver, pause=LET_GO)
    tell(
        f"frozen with the gate in its hand: the other paged {moment(page) - began:.1f} s later; {verdict}"
    )
    assert moment(page) - began < LET_GO
    assert ready


def test_a_lone_worker_that_freezes_is_seen_and_goes_on_where_it_was(
    product: Product, seed: int, tell: Tell
) -> None:
    with Driver(product.door, rate=0, seed=seed) as driver:
        with frozen(product, "worker-pages"):
            began = time.time()
            alert = driver.fire("P2")
            assert until(lambda: not product.is_ready(), within=SEEN, every=0.5), "nobody saw it"
            seen = time.time() - began
        awake = time.time()
        page = product.sandbox.expect("email", to="tech-lead@", containing=alert.name)
    quiet(product)

    tell(f"seen after {seen:.0f} s, paged {moment(page) - awake:.1f} s after it woke")
    assert moment(page) - awake < NEXT_STEP


def sends(product: Product) -> bool:
    """Whether the one without a place, which is the second, has sent anything."""
    return product.sql(BY_SECOND) != [(0,)]

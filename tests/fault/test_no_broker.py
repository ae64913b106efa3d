"""Neither a broker nor a Beat, or a broker that freezes: the page worker keeps its own clock."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator

import psutil
import pytest
from redis import StrictRedis

from tests import running
from tests.fault.checker import moment
from tests.fault.driver import Driver
from tests.fault.promises import NEXT_STEP, kept, quiet
from tests.programs import program
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]

# Seconds: `BONGSU_TEST_FROZEN=60` for as long as the plan of faults has it.
FROZEN = float(os.environ.get("BONGSU_TEST_FROZEN", "15"))
WAITED = 2.0


@pytest.fixture
def redis() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Its address and its process."""
    port = running.free_ports()[0]
    command = [program("redis-server", package="redis-server"), "--save", "", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    assert until(lambda: not running.is_free(port), within=20)
    yield f"redis://127.0.0.1:{port}/0", server
    server.kill()
    server.wait()


@contextlib.contextmanager
def stopped(product: Product, name: str) -> Iterator[None]:
    """Alive and silent. `kept_down` would stop the parent too, who brings back a worker that dies of its broker."""
    process = psutil.Process(product.pids()[name])
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def test_without_broker_and_beat_an_alert_still_pages_in_time(
    tmp_path_factory: pytest.TempPathFactory,
    redis: tuple[str, subprocess.Popen[bytes]],
    seed: int,
    tell: Callable[[object], None],
) -> None:
    broker, server = redis
    with (
        running.product(tmp_path_factory, "no-broker", broker=broker) as product,
        stopped(product, "beat"),
    ):
        server.kill()
        server.wait()
        time.sleep(8)  # what was on its way has come: from here on nobody calls
        fired = time.time()
        with Driver(product.door, rate=0, seed=seed) as driver:
            alert = driver.fire("P2")
        page = product.sandbox.expect("email", to="tech-lead@", containing=alert.name)

    tell(f"paged {moment(page) - fired:.1f} s after the alert")
    assert moment(page) - fired < NEXT_STEP


def test_a_broker_that_freezes_delays_no_sender_and_no_page_and_one_that_is_wiped_neither(
    tmp_path_factory: pytest.TempPathFactory,
    redis: tuple[str, subprocess.Popen[bytes]],
    seed: int,
    tell: Callable[[object], None],
) -> None:
    broker, server = redis
    slowest = 0.0
    with (
        running.product(tmp_path_factory, "frozen-broker", broker=broker) as product,
        Driver(product.door, rate=0, seed=seed) as driver,
    ):
        frozen = psutil.Process(server.pid)
        frozen.suspend()
        began = time.time()
        while time.time() < began + FROZEN:
            asked = time.time()
            driver.fire("P2")
            slowest = max(slowest, time.time() - asked)
            time.sleep(2)
        frozen.resume()
        assert until(product.is_ready, within=60), "the workers did not come back"
        client = StrictRedis.from_url(broker)
        for _ in range(20):
            driver.fire("P2")
            client.flushall()
        quiet(product)
        verdict = kept(product, driver)

    tell(f"senders waited {slowest:.2f} s at most; {verdict}")
    assert slowest < WAITED

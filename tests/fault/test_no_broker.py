"""Neither a broker nor a Beat: the page worker keeps its own clock."""

import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from tests import running
from tests.fault.checker import moment
from tests.fault.driver import Driver
from tests.fault.promises import NEXT_STEP
from tests.programs import program
from tests.running import until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]


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


def test_without_broker_and_beat_an_alert_still_pages_in_time(
    tmp_path_factory: pytest.TempPathFactory,
    redis: tuple[str, subprocess.Popen[bytes]],
    seed: int,
    tell: Callable[[object], None],
) -> None:
    broker, server = redis
    with (
        running.product(tmp_path_factory, "no-broker", broker=broker) as product,
        product.kept_down("beat"),
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

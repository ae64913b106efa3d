"""What everything leans on goes away for a moment: the database, the broker, and all at once."""

import random
import shutil
import time
from collections.abc import Callable

import pytest

from tests.fault.driver import Driver
from tests.fault.promises import cut_off, in_flight, kept, quiet
from tests.fault.visitor import Visitor
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]
Tell = Callable[[object], None]


def test_while_the_database_restarts_the_answer_is_later_and_no_page_is_lost(
    product: Product, seed: int, tell: Tell
) -> None:
    with Visitor(product) as visitor, Driver(product.door, rate=5, seed=seed) as driver:
        time.sleep(3)
        product.sandbox.misbehave(mode="slow", delay=1)
        assert until(lambda: in_flight(product) >= 4, within=15, every=0.02)
        product.kill("postgres")
        product.sandbox.calm()
        time.sleep(6)
    quiet(product)

    verdict = kept(product, driver)
    tell(f"{verdict}, {cut_off(product, driver).total()} cut off")
    tell(f"answers to senders {dict(driver.answers)}, to a visitor {dict(visitor.answers)}")
    assert driver.answers.keys() <= {200, 503}
    assert driver.answers[503], "the restart was not felt: nothing was proved"
    assert {status for _, status in visitor.answers} <= {200, 503}
    assert visitor.answers.keys() >= {("/incidents/", 503), ("/api/v1/incidents/", 503)}
    assert ("/healthz", 503) not in visitor.answers
    assert not verdict.repeats, "no sender died, so nothing was to be sent again"


def test_a_killed_sender_a_restarted_database_and_a_wiped_broker_in_one_run(
    product: Product, seed: int, tell: Tell
) -> None:
    faults: dict[str, Callable[[Product], None]] = {
        "sender": kill_a_sender,
        "database": lambda product: product.kill("postgres"),
        "broker": wipe_the_broker,
    }
    order = random.Random(seed).sample(sorted(faults), k=len(faults))
    second = product.another_worker()
    with Driver(product.door, rate=4, seed=seed) as driver:
        for fault in order:
            time.sleep(4)
            faults[fault](product)
        time.sleep(4)
    quiet(product)
    second.kill()

    tell(f"{' '.join(order)}: {kept(product, driver)}, {cut_off(product, driver).total()} cut off")
    assert driver.answers.keys() <= {200, 503}
    assert " 0 broken" in product.manage("verify_timeline")


def kill_a_sender(product: Product) -> None:
    assert until(product.is_ready, within=30)  # the database may be on its way back
    product.sandbox.misbehave(mode="slow", delay=2)
    assert until(lambda: in_flight(product) >= 4, within=15, every=0.02)
    time.sleep(0.5)
    product.kill("worker-pages")
    product.sandbox.calm()


def wipe_the_broker(product: Product) -> None:
    """Again and again for a second: whatever is on its way then is gone, and the folder with it."""
    end = time.monotonic() + 1
    while time.monotonic() < end:
        shutil.rmtree(product.home / "broker", ignore_errors=True)

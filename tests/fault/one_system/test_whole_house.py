"""Everything ends at once: in good order, or as when the power fails."""

import time
from collections.abc import Callable

import pytest

from tests.fault.driver import Driver
from tests.fault.promises import cut_off, in_flight, kept, quiet
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]
Tell = Callable[[object], None]
STOPPED_WITHIN = 10.0


def test_a_stop_in_the_middle_of_sending_finishes_what_it_began_and_repeats_nothing(
    product: Product, seed: int, tell: Tell
) -> None:
    with Driver(product.door, rate=3, seed=seed) as driver:
        in_the_middle_of_sending(product, slow=2)  # slower, and the second company takes over
        asked = time.time()
        took = product.stop()
        left = product.processes()
        product.start()
        pause = time.time() - asked
    quiet(product)

    verdict = kept(product, driver, pause=pause)
    tell(f"stopped in {took:.1f} s, back after {pause:.1f} s; {verdict}")
    assert took < STOPPED_WITHIN
    assert left == []
    assert not verdict.repeats


def test_the_power_fails_in_the_middle_of_sending_and_nothing_is_lost(
    product: Product, seed: int, tell: Tell
) -> None:
    with Driver(product.door, rate=3, seed=seed) as driver:
        in_the_middle_of_sending(product, slow=2)
        failed = time.time()
        product.kill_everything()
        product.start()
        pause = time.time() - failed
    quiet(product)

    verdict = kept(product, driver, pause=pause)
    broken = cut_off(product, driver).total()
    tell(f"back after {pause:.1f} s; {verdict}, {broken} cut off")
    assert " 0 broken" in product.manage("verify_timeline")


def in_the_middle_of_sending(product: Product, *, slow: float) -> None:
    time.sleep(3)
    product.sandbox.misbehave(mode="slow", delay=slow)
    assert until(lambda: in_flight(product) >= 4, within=15, every=0.02)
    time.sleep(0.5)

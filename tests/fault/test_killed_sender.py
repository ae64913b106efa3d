"""A sender of pages dies by SIGKILL: before the send, in the middle, and after it."""

import time
from collections.abc import Callable

import pytest

from tests.fault.checker import expected_of, judge
from tests.fault.driver import Driver
from tests.fault.promises import IN_FLIGHT, cut_off, in_flight, kept, quiet
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]
Tell = Callable[[object], None]


def test_one_of_two_senders_killed_in_the_middle_of_sending_loses_nothing(
    product: Product, seed: int, tell: Tell
) -> None:
    second = product.another_worker()
    with Driver(product.door, rate=3, seed=seed) as driver:
        time.sleep(4)
        product.sandbox.misbehave(mode="slow", delay=2)
        assert until(lambda: in_flight(product) >= 8, within=15, every=0.02)
        time.sleep(0.5)
        product.kill("worker-pages")
        product.sandbox.calm()
        time.sleep(6)
    quiet(product)
    second.kill()

    tell(f"{kept(product, driver)}, {len(cut_off(product, driver))} cut off")


def test_a_send_cut_off_before_it_arrived_is_made_again_unless_somebody_has_answered(
    product: Product, seed: int, tell: Tell
) -> None:
    product.sandbox.misbehave(mode="hang")
    with Driver(product.door, rate=0, seed=seed) as driver:
        open_still, answered = driver.fire("P0"), driver.fire("P0")
        assert until(lambda: len(product.sandbox.refused(containing=driver.run)) >= 4, within=15)
    product.kill("worker-pages")
    killed = time.time()
    acknowledge(product, answered.name)
    product.sandbox.calm()
    quiet(product)

    verdict = judge(driver.accepted, product.sandbox.journal())
    tell(f"{verdict}, {len(cut_off(product, driver))} cut off, {time.time() - killed:.1f} s")
    assert verdict.lost <= set(expected_of(answered)), "somebody was not paged"
    assert {page.alert for page in verdict.lateness} == {open_still.name}, "paged after the answer"
    assert not verdict.repeats
    assert not verdict.later_than(IN_FLIGHT + 2)


def test_a_send_cut_off_after_it_arrived_is_repeated_only_where_nobody_can_tell(
    product: Product, seed: int, tell: Tell
) -> None:
    product.sandbox.misbehave(mode="slow", delay=4.5)
    with Driver(product.door, rate=0, seed=seed) as driver:
        alert = driver.fire("P0")
        assert until(lambda: len(product.sandbox.inbox(containing=alert.name)) == 17, within=15)
        product.kill("worker-pages")
    product.sandbox.calm()
    quiet(product)

    verdict = judge(driver.accepted, product.sandbox.journal())
    tell(f"{verdict}, {len(cut_off(product, driver))} cut off")
    assert not verdict.lost
    assert not verdict.torn, "a mailbox or a hook could not drop the repeat"
    # Slack and Twilio are asked whether they have it; a call cannot be told from another.
    assert verdict.repeats == {"email": 4, "webhook": 1, "voice": 4}


def acknowledge(product: Product, words: str) -> None:
    found = product.api.get("/api/v1/incidents/", params={"search": words}).json()["results"]
    answer = product.api.post(f"/api/v1/incidents/{found[0]['number']}/acknowledge/")
    assert answer.is_success, answer.text

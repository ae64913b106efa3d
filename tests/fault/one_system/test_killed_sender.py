"""A sender of pages dies by SIGKILL: before the send, in the middle, and after it."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.fault.checker import expected_of, judge
from tests.fault.driver import Alert, Driver
from tests.fault.promises import NEXT_STEP, cut_off, in_flight, kept, quiet
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

    tell(f"{kept(product, driver)}, {cut_off(product, driver).total()} cut off")


def test_what_was_cut_off_is_sent_again_unless_it_had_arrived_or_somebody_has_answered(
    product: Product, seed: int, tell: Tell
) -> None:
    product.sandbox.misbehave("voice", "slack", mode="slow", delay=4.5)
    product.sandbox.misbehave("sms", "smtp", "webhook", mode="hang")
    with Driver(product.door, rate=0, seed=seed) as driver:
        unanswered = driver.fire("P0")
        assert until(lambda: all_are_on_their_way(product, unanswered), within=15, every=0.02)
        answered = driver.fire("P0")
        acknowledge(product, answered.name)
    product.kill("worker-pages")
    product.sandbox.calm()
    quiet(product)

    verdict = judge(driver.accepted, product.sandbox.journal())
    tell(f"{verdict}, {cut_off(product, driver).total()} cut off")
    assert verdict.lost <= set(expected_of(answered)), "somebody was not paged"
    assert {page.alert for page in verdict.lateness} == {unanswered.name}, "paged after the answer"
    # Slack is asked whether it has the message; nothing tells one call from another.
    assert verdict.repeated_by_channel == {"voice": 4}
    assert not verdict.later_than(NEXT_STEP)


def all_are_on_their_way(product: Product, alert: Alert) -> bool:
    """Voice and Slack have arrived, the rest has not, and of none the sender knows."""
    arrived = product.sandbox.inbox(containing=alert.name)
    held = product.sandbox.refused(containing=alert.name)
    return len(arrived) == 8 and len(held) == 9


def acknowledge(product: Product, title: str) -> None:
    found: list[dict[str, Any]] = []

    def look() -> bool:
        found[:] = product.api.get("/api/v1/incidents/", params={"search": title}).json()["results"]
        return bool(found)

    assert until(look, within=10)
    answer = product.api.post(f"/api/v1/incidents/{found[0]['number']}/acknowledge/")
    assert answer.is_success, answer.text

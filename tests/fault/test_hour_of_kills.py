"""A hundred kills in a scripted hour: every step is taken, nobody is paged twice, nothing is late."""

from collections.abc import Callable

import pytest

from tests.fault.course import judge
from tests.fault.crowd import Crowd
from tests.fault.desk import Desk, script
from tests.fault.driver import Driver
from tests.fault.policies import HOUR
from tests.fault.promises import NEXT_STEP, quiet
from tests.fault.reaper import Reaper
from tests.running import Product

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]

KILLS = 100
SET_UP = "from tests.fault.policies import set_up; set_up()"
CROWDED = 1.5  # by others: what they take of two cores makes every start slower
ANSWERS_AFTER = 0.4  # seconds a provider takes, as real ones do


def test_a_hundred_kills_in_an_hour_lose_no_step_double_no_page_and_delay_none(
    product: Product, seed: int, tell: Callable[[object], None]
) -> None:
    product.manage("shell", "--command", SET_UP)
    product.sandbox.misbehave(mode="slow", delay=ANSWERS_AFTER)
    with (
        Crowd() as crowd,
        Driver(product.door, rate=0, seed=seed) as driver,
        Reaper(product, count=KILLS, within=HOUR, seed=seed) as reaper,
    ):
        stories = Desk(product, driver).play(script(seed))
    product.sandbox.calm()
    quiet(product)

    within = NEXT_STEP * (crowd.stretch if crowd.stretch > CROWDED else 1)
    verdict = judge(product, stories, within=within)
    tell(f"{dict(reaper.killed)}; work took {crowd.stretch:.2f} times what it needs")
    tell(verdict)
    assert reaper.killed.total() == KILLS
    assert not verdict.lost_steps
    assert not verdict.lost
    assert not verdict.phantom
    assert not verdict.doubles
    assert not verdict.later_than(within)
    assert " 0 broken" in product.manage("verify_timeline")

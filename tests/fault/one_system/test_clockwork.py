"""What is due happens once, whoever runs the clock, and also when nobody did for a while."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from tests.fault.checker import moment
from tests.fault.driver import Alert, Driver
from tests.fault.promises import NEXT_STEP, kept, quiet
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]
Tell = Callable[[object], None]
Process = subprocess.Popen[bytes]

TICK = 5
HEARTBEAT = "SELECT at FROM core_heartbeat WHERE name = %s"
WAITING = """
SELECT count(*) FROM pg_stat_activity
 WHERE query LIKE '%%pg_try_advisory_lock%%' AND pid <> pg_backend_pid()
"""  # the holder of the lease goes on to other questions
ESCALATIONS = """
SELECT count(*) FROM incidents_event event JOIN incidents_incident incident
    ON incident.number = event.incident_id
 WHERE event.kind = 'escalated' AND incident.title LIKE %s
"""


def test_a_second_beat_changes_nothing_and_takes_over_when_the_first_is_gone(
    product: Product, seed: int, tell: Tell
) -> None:
    second = product.another_beat()
    with gone_afterwards([second]):
        assert until(lambda: product.sql(WAITING) != [(0,)], within=60), "the second never began"
        with Driver(product.door, rate=0, seed=seed) as driver, answered_within(product, "P2", 3):
            alert = driver.fire("P2")
        ticks = {heartbeat(product, "monitoring") for _ in watching(seconds=3 * TICK)}
        # One of them may be the page worker's own, when it heard of none for three seconds.
        assert len(ticks) <= 5, "two Beats tick"
        assert escalations(product, alert) == 1

        with product.kept_down("beat"):
            killed = time.time()
            # A second later than the kill: not the last word of the one that died.
            assert until(
                lambda: heartbeat(product, "beat").timestamp() > killed + 1, within=NEXT_STEP
            )
            tell(
                f"{len(ticks)} ticks in {3 * TICK} s, taken over after {time.time() - killed:.1f} s"
            )
    killed = time.time()
    assert until(lambda: heartbeat(product, "beat").timestamp() > killed, within=NEXT_STEP)


def test_five_beats_and_three_workers_do_everything_once(
    product: Product, seed: int, tell: Tell
) -> None:
    beats, workers = many(product.another_beat, 4), many(product.another_worker, 2)
    with gone_afterwards(beats + workers):
        assert until(lambda: product.sql(WAITING) == [(4,)], within=120), "not all of them began"
        with Driver(product.door, rate=0, seed=seed) as once, answered_within(product, "P2", 3):
            alert = once.fire("P2")
        # How often it ticks says nothing here: of three workers one or another hears of none for a
        # while, and sweeps by itself.
        ticks = {heartbeat(product, "monitoring") for _ in watching(seconds=3 * TICK)}
        assert product.sql(WAITING) == [(4,)], "not one alone holds the lease"
        assert escalations(product, alert) == 1

        with Driver(product.door, rate=2, seed=seed) as driver:
            time.sleep(3 * TICK)
        quiet(product)
    verdict = kept(product, driver)
    tell(f"{len(ticks)} ticks in {3 * TICK} s; {verdict}")
    assert not verdict.repeats


@contextmanager
def gone_afterwards(processes: list[Process]) -> Iterator[None]:
    """Whatever fails, the next test finds one Beat and one worker."""
    try:
        yield
    finally:
        for process in processes:
            process.kill()


def many(begin: Callable[[], Process], count: int) -> list[Process]:
    return [begin() for _ in range(count)]


def test_an_escalation_due_while_no_worker_lives_happens_when_one_is_back(
    product: Product, seed: int, tell: Tell
) -> None:
    with Driver(product.door, rate=0, seed=seed) as driver, answered_within(product, "P2", 6):
        alert = driver.fire("P2")
        product.sandbox.expect("email", to="tech-lead@", containing=alert.name)

    with product.kept_down("worker-pages"):
        time.sleep(7)
        assert escalations(product, alert) == 0
        back = time.time()

    raised = product.sandbox.expect("sms", to="+821000000007", containing=alert.name, within=30)
    tell(f"escalated {moment(raised) - back:.1f} s after the worker was allowed back")
    assert moment(raised) - back < NEXT_STEP
    quiet(product)
    assert escalations(product, alert) == 1
    assert len(product.sandbox.pages(channel="sms", containing=alert.name)) == 4


@contextmanager
def answered_within(product: Product, severity: str, seconds: int) -> Iterator[None]:
    """Incidents that open meanwhile have only so long until they are sent up."""
    change = "UPDATE incidents_severitypolicy SET respond_within = %s WHERE severity = %s"
    [(usual,)] = product.sql(
        "SELECT respond_within FROM incidents_severitypolicy WHERE severity = %s", severity
    )
    product.sql(change, f"{seconds} seconds", severity)
    try:
        yield
        quiet(product)
    finally:
        product.sql(change, usual, severity)


def watching(*, seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.2)


def heartbeat(product: Product, name: str) -> datetime:
    [(at,)] = product.sql(HEARTBEAT, name)
    assert isinstance(at, datetime)
    return at


def escalations(product: Product, alert: Alert) -> int:
    [(count,)] = product.sql(ESCALATIONS, f"%{alert.name}")
    return int(count)

"""Others at their worst: whom we call hangs, refuses and talks nonsense; who calls us sends poison."""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from tests.fault.checker import moment
from tests.fault.driver import Driver
from tests.fault.promises import NEXT_STEP, kept, quiet
from tests.fault.test_killed_crowd import SAY
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]
Tell = Callable[[object], None]

LATER: Final = 45.0  # after it is over: the second try of what hung or was asked to wait
HANGING: Final = 200
WHO_HEARS: Final = """
INSERT INTO statuspage_subscriber
    (key, way, address, contact, shape, failures, language, standing, components, groups, minimum, incidents, maintenance,
     quiet, created_at, confirmed_at, why, soft_bounces, letter, letter_tries)
SELECT gen_random_uuid(), 'webhook', %s || number, '', 'standard', 0, 'ko', 'active', '{}', '{}', 'none',
       true, true, false, now(), now(), '', 0, '', 0
  FROM generate_series(1, %s) AS number
"""
NEVER = "UPDATE statuspage_subscriber SET standing = 'gone' WHERE way = 'webhook'"
DEEP, LARGE = 10_000, 1024 * 1024
POISON: Final[list[bytes]] = [
    b"", b"{", b"null", b'"\xed\xa0\xbd"', b"\xff\xfe\x00{", b"[" * DEEP + b"]" * DEEP, b'{"title":' * DEEP,
    json.dumps({"title": "x" * LARGE}).encode(),
    b'{"title": "a\\u0000b", "severity": "P3"}', b'{"title": "\\ud83d", "severity": "P3"}',
    b'{"title": NaN, "severity": 1e999}', b'{"title": "a", "title": "b", "severity": "P3"}',
    b'{"title": "a\\r\\nBcc: all@example.com", "severity": "P3"}',
    b'{"title": 12345678901234567890123, "severity": -1, "labels": {"": ""}}',
    '{"title": "\u202eمرحبا 👩‍🚒", "severity": "P3"}'.encode(),
]  # fmt: skip
NO_HTTP: Final = [
    b"\x16\x03\x01\x02\x00",
    b"GET / HTTP/9.9\r\n\r\n",
    b"POST /ingest HTTP/1.1\r\n" + b"x" * 70_000,
    b"\x00" * 99,
]


def test_each_party_at_its_worst_delays_no_page_by_another_and_gets_its_own_afterwards(
    product: Product, seed: int, tell: Tell
) -> None:
    ways = {"smtp": "fail", "slack": "ratelimit", "webhook": "hang"}
    for switch, mode in ways.items():
        product.sandbox.misbehave(switch, mode=mode, retry_after=8)
    with Driver(product.door, rate=0, seed=seed) as driver:
        fired = time.time()
        alert = driver.fire("P0")
        rung = product.sandbox.expect("voice", to="+82", containing=alert.name)
        product.sandbox.expect("sms", to="+82", containing=alert.name)
    pushed = product.sandbox.inbox(channel="slack", containing=alert.name)
    product.sandbox.calm()
    quiet(product)

    verdict = kept(product, driver, pause=LATER)
    tell(f"rung after {moment(rung) - fired:.1f} s while {ways}; afterwards {verdict}")
    assert moment(rung) - fired < NEXT_STEP
    assert pushed == [], "who asks for time is given it"
    assert not verdict.repeats


def test_two_hundred_subscribers_that_hang_delay_no_page(
    product: Product, seed: int, tell: Tell
) -> None:
    with subscribed_and_silent(product) as hits:
        product.manage("shell", "-c", SAY)
        with Driver(product.door, rate=0, seed=seed) as driver:
            assert until(lambda: hits() > 3, within=60), "nobody was called"
            fired = time.time()
            alert = driver.fire("P0")
            rung = product.sandbox.expect("voice", to="+82", containing=alert.name)
        called = hits()
    quiet(product)

    tell(f"rung after {moment(rung) - fired:.1f} s with {called} of {HANGING} called and silent")
    kept(product, driver)


def test_poison_at_the_door_is_answered_and_the_next_alert_pages(
    product: Product, seed: int, tell: Tell
) -> None:
    door, answers = product.door, []
    for body in POISON:
        answer = product.api.post(door, content=body, headers={"Content-Type": "application/json"})
        answers.append(answer.status_code)
    for words in NO_HTTP:
        with socket.create_connection(("127.0.0.1", product.port), timeout=10) as line:
            line.sendall(words)
    with Driver(door, rate=0, seed=seed) as driver:
        fired = time.time()
        alert = driver.fire("P2")
        page = product.sandbox.expect("email", to="tech-lead@", containing=alert.name)
    quiet(product)

    tell(f"answered {answers}; the next page after {moment(page) - fired:.1f} s")
    assert set(answers) <= {200, 202, 400, 413}
    assert moment(page) - fired < NEXT_STEP
    kept(product, driver)


@contextlib.contextmanager
def subscribed_and_silent(product: Product) -> Iterator[Callable[[], int]]:
    """Endpoints that take a call and say nothing; how many calls they have."""
    product.sandbox.misbehave("webhook", mode="hang", match="silent")
    product.sql(WHO_HEARS, f"{product.sandbox.url}/webhook/silent", HANGING)
    try:
        yield lambda: len(product.sandbox.refused(channel="webhook"))
    finally:
        product.sql(NEVER)
        product.sandbox.calm()

"""Customers read what was last published, whatever else is down; and what changes, once things are back."""

from collections.abc import Callable
from contextlib import ExitStack
from hashlib import sha256

import httpx2
import pytest

from tests.running import Product, until
from tests.story.telling import post

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]

PATHS = (
    "/status/", "/status/en/", "/status/style.css", "/status/history/", "/status/history.atom",
    "/status/uptime.json", "/api/v2/summary.json", "/api/v2/incidents.json",
)  # fmt: skip
DOWN = ("worker-pages", "worker-background", "worker-crowd", "beat", "postgres")


def read(product: Product) -> dict[str, str]:
    answers = {path: httpx2.get(f"{product.url}{path}", timeout=10) for path in PATHS}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: sha256(answer.content).hexdigest() for path, answer in answers.items()}


def indicator(product: Product) -> str:
    said = httpx2.get(f"{product.url}/api/v2/status.json", timeout=10).json()
    return str(said["status"]["indicator"])


def test_an_alert_is_on_the_page_and_stays_there_while_everything_else_is_down(
    product: Product, tell: Callable[[object], None]
) -> None:
    door = product.integration("generic", name="status page")
    alert = {"title": "출금 중단", "severity": "critical", "service": "withdrawals", "key": "page"}
    post(door, alert)
    assert until(lambda: indicator(product) == "major", within=30)
    before = read(product)

    with ExitStack() as down:
        for name in DOWN:
            down.enter_context(product.kept_down(name))
        assert httpx2.get(f"{product.url}/readyz", timeout=10).status_code == 503
        assert read(product) == before

    assert until(product.is_ready, within=60)
    post(door, alert | {"service": "deposits", "key": "second"})
    assert until(lambda: read(product)["/status/"] != before["/status/"], within=30)
    tell(f"{len(PATHS)} addresses the same to the byte with {', '.join(DOWN)} killed")
